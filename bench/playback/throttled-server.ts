import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64Url } from '@tonestead/protocol/bytes'
import { trackPageSchema, type Track } from '@tonestead/protocol/catalog'
import {
  decodeManifestHead,
  decodeManifestTail,
  type ManifestHead,
  type ManifestTail,
} from '@tonestead/protocol/manifest'
import { aacRenditions } from '@tonestead/protocol/rendition'
import { claimCodeOf, createDevice, type Device } from '../../harness/device.ts'
import { freePort, startServer, type RunningServer } from '../../harness/server-process.ts'
import { makeSound, writeWav } from '../../harness/sound.ts'
import type { BenchRun } from '../runner/run-bench.ts'
import { unthrottled } from './lines.ts'
import { openThrottledLink, type ThrottledLink } from './throttled-link.ts'

/** A media server with tracks of equal length, a throttled link in front of it, and an administrator's device without a page. */
export type ThrottledServer = {
  readonly server: RunningServer
  readonly link: ThrottledLink
  /** Through the link. */
  readonly origin: string
  readonly device: Device
  readonly tracks: readonly Track[]
  /** The source files, by track title. */
  readonly sources: ReadonlyMap<string, string>
  manifestOf(track: Track): Promise<{ head: ManifestHead; tail: ManifestTail }>
  /** Address path of the HLS multivariant playlist. */
  hlsPathOf(track: Track): Promise<string>
}

/** The page of a release fetches the heads of all its tracks, so the size of a release has an influence on the figures. */
const tracksPerRelease = 10

export const startThrottledServer = async (
  run: Pick<BenchRun, 'folder' | 'onEnd'>,
  shape: { tracks: number; seconds: number },
): Promise<ThrottledServer> => {
  const music = join(run.folder, 'music')
  const sources = await writeSources(music, shape)
  const server = await startServer({
    data: join(run.folder, 'data'),
    port: await freePort(),
    args: ['--no-demo', '--public', music],
  })
  run.onEnd(() => server.stop())
  const link = await openThrottledLink(Number(new URL(server.origin).port), unthrottled)
  run.onEnd(() => link.close())
  const device = await createDevice(server.origin, await claimCodeOf(server))
  return {
    server,
    link,
    origin: `http://localhost:${link.port}`,
    device,
    tracks: await untilComplete(device, shape.tracks),
    sources,
    manifestOf: async (track) => {
      const head = decodeManifestHead(fromBase64Url(track.heads.aac))
      const tail = new Uint8Array(await (await fetch(`${server.origin}/chunks/${head.tail.id}`)).arrayBuffer())
      return { head, tail: decodeManifestTail(tail, head) }
    },
    hlsPathOf: async ({ recordingId }) => {
      const response = await device.request('POST', '/api/hls-links', { recordingId })
      return ((await response.json()) as { master: string }).master
    },
  }
}

const writeSources = async (
  music: string,
  { tracks, seconds }: { tracks: number; seconds: number },
): Promise<Map<string, string>> => {
  const sources = new Map<string, string>()
  for (let number = 1; number <= tracks; number += 1) {
    const title = `Piece ${String(number).padStart(2, '0')}`
    const album = join(music, 'The Testers', `Bench Pieces ${Math.ceil(number / tracksPerRelease)}`)
    await mkdir(album, { recursive: true })
    const path = join(album, `${String(number).padStart(2, '0')} ${title}.wav`)
    await writeWav(path, makeSound(seconds, number))
    sources.set(title, path)
  }
  return sources
}

/** Waits until every track has every AAC rendition: from then on the server encodes nothing. */
const untilComplete = async (device: Device, count: number): Promise<readonly Track[]> => {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const page = trackPageSchema.parse(await (await device.request('GET', '/api/tracks?limit=200')).json())
    const isComplete = page.items.every(
      (track) => decodeManifestHead(fromBase64Url(track.heads.aac)).renditions.length === aacRenditions.length,
    )
    if (page.items.length === count && isComplete) return page.items
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('the tracks were not complete after ten minutes')
}
