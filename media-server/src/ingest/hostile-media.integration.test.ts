import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { wavOf } from '../ports/transcoder.contract.ts'
import { hostileMediaOutcomes } from './hostile-media-outcomes.ts'
import { hasMedia, mediaFolder, openIngest, transcodersHere } from './ingest.testkit.ts'

const transcoders = await transcodersHere()
if (!hasMedia)
  console.warn(
    'SKIPPED: the collection of hostile media is not available (TONESTEAD_TEST_MEDIA); only files made by this test are tried',
  )
if (transcoders.length === 0) console.warn('SKIPPED: neither ffmpeg nor node-av is available')

describe.each(transcoders)('hostile media with $name', (transcoder) => {
  it.skipIf(!hasMedia)(
    'gives every file its documented outcome, and publishes nothing of refused files',
    { timeout: 240_000 },
    async () => {
      const kit = await openIngest(transcoder)
      const outcomes: Record<string, string> = {}
      for (const name of Object.keys(hostileMediaOutcomes)) {
        const outcome = await kit.ingest(join(mediaFolder, 'malformed', name))
        outcomes[name] = outcome.kind === 'done' ? 'done' : outcome.code
      }
      expect(outcomes).toEqual(hostileMediaOutcomes)
      const { total } = await kit.catalog.tracks({ limit: 1, sort: 'name' }, 'listeners')
      expect(total).toBe(Object.values(outcomes).filter((outcome) => outcome === 'done').length)
      expect(await readdir(kit.workFolder)).toEqual([])
      await kit.close()
    },
  )

  it('reads no other file and opens no connection for a playlist or script with an audio name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tonestead-canary-'))
    const canary = join(folder, 'canary.wav')
    await writeFile(canary, wavOf({ rateHz: 44_100, channels: 2, bits: 16, seconds: 2 }))
    let visits = 0
    const server = createServer((socket) => {
      visits += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/a.wav`
    const kit = await openIngest(transcoder)
    const outcomes: string[] = []
    for (const [index, text] of disguises(canary, url).entries()) {
      const path = join(folder, `song-${index}.flac`)
      await writeFile(path, text)
      const outcome = await kit.ingest(path)
      outcomes.push(outcome.kind === 'refused' ? outcome.code : 'done')
    }
    await kit.close()
    await new Promise((resolve) => server.close(resolve))
    expect(visits).toBe(0)
    expect(outcomes).toEqual([
      'playlist',
      'playlist',
      'playlist',
      'playlist',
      'playlist',
      'playlist',
      'playlist',
      'not-audio',
      'not-audio',
      'playlist',
    ])
  })
})

const disguises = (file: string, url: string): string[] => [
  `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n${file}\n#EXT-X-ENDLIST\n`,
  `#EXTM3U\n#EXTINF:2,\n${url}\n`,
  `ffconcat version 1.0\nfile '${file}'\n`,
  `[playlist]\nFile1=${url}\nNumberOfEntries=1\n`,
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}</BaseURL></MPD>`,
  `<asx version="3.0"><entry><ref href="${url}"/></entry></asx>`,
  `${url}\n`,
  `<html><script>fetch('${url}')</script></html>`,
  `#!/bin/sh\ncat ${file}\n`,
  `\uFEFF  #EXTM3U\n${file}\n`,
]
