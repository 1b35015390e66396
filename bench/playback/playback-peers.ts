import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Track } from '@tonestead/protocol/catalog'
import type { Page } from 'playwright-core'
import { startPeerServer } from '../../harness/peer-page.ts'
import { note } from '../runner/note.ts'
import type { BenchRun } from '../runner/run-bench.ts'
import { unthrottled } from './lines.ts'
import { openListener } from './open-listener.ts'
import { openThrottledLink, type Line } from './throttled-link.ts'
import type { ThrottledServer } from './throttled-server.ts'

/** hls.js with its default options, hls.js that starts with the lowest rendition, and one progressive M4A file at 128 kbit/s. */
type PlaybackPeer = 'hls.js default' | 'hls.js lowest' | 'plain m4a 128'

/** The same tracks in a page without us: hls.js on the same chunks, or a plain file, over a link of its own. */
export type PlaybackPeers = {
  /** Those that can be measured here. */
  readonly names: readonly PlaybackPeer[]
  /** Opens a new page, plays the track, and hands the page and the milliseconds to first sound to `measure`. */
  play<T>(
    what: { readonly peer: PlaybackPeer; readonly track: Track; readonly line: Line },
    measure: (page: Page, firstSoundMs: number) => Promise<T> | T,
  ): Promise<T>
}

export const openPlaybackPeers = async (run: BenchRun<string>, server: ThrottledServer): Promise<PlaybackPeers> => {
  const { ffmpeg } = run.tools
  const files = new Map<string, string>()
  if (ffmpeg !== undefined) {
    for (const [title, source] of server.sources) {
      const target = join(run.folder, `${title}.m4a`)
      makeProgressiveFile(ffmpeg, source, target)
      files.set(filePath(title), target)
    }
  }
  const peerServer = await startPeerServer(server.server.origin, files)
  run.onEnd(() => peerServer.close())
  const link = await openThrottledLink(peerServer.port, unthrottled)
  run.onEnd(() => link.close())
  const context = await openListener(run, 'peer')
  return {
    names: ['hls.js default', 'hls.js lowest', ...(ffmpeg === undefined ? [] : (['plain m4a 128'] as const))],
    play: async ({ peer, track, line }, measure) => {
      const script = await startScript(server, peer, track)
      const page = await context.newPage()
      link.setLine(unthrottled)
      await page.goto(`http://localhost:${link.port}/`)
      link.setLine(line)
      try {
        return await measure(page, (await page.evaluate(script)) as number)
      } finally {
        await page.close()
      }
    },
  }
}

const filePath = (title: string): string => `/${encodeURIComponent(title)}.m4a`

/** Calls a function of the peer page, which resolves with the milliseconds to first sound. */
const startScript = async (server: ThrottledServer, peer: PlaybackPeer, track: Track): Promise<string> => {
  if (peer === 'plain m4a 128') return `playFile(${JSON.stringify(filePath(track.title))})`
  const address = JSON.stringify(await server.hlsPathOf(track))
  return `playHls(${address}, ${peer === 'hls.js lowest' ? '{ startLevel: 0 }' : '{}'})`
}

/** AAC at 128 kbit/s in MP4 with the index in front, as a file server would offer it. */
const makeProgressiveFile = (ffmpeg: string, source: string, target: string): void => {
  const encode = ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '128k', '-ar', '48000', '-movflags', '+faststart']
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-i', source, ...encode, target])
}

/** The figures of one case, rounded, for the one who watches. */
export const noteFigures = (what: string, values: readonly number[]): void =>
  note(`${what}: ${values.map(Math.round).join(' ')} ms`)
