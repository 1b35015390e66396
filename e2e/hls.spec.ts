import { execFileSync } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64Url } from '@tonestead/protocol/bytes'
import { trackPageSchema, type Track } from '@tonestead/protocol/catalog'
import { decodeManifestHead } from '@tonestead/protocol/manifest'
import { aacRenditions } from '@tonestead/protocol/rendition'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPeerServer } from '../harness/peer-page.ts'
import { claimCodeOf, createDevice, type Device } from '../harness/device.ts'
import { makeSound, placeIn, sampleRateHz, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// Other players on our HLS playlists: ffmpeg decodes the source, hls.js plays it.

const ffmpeg = process.env['TONESTEAD_REFERENCE_FFMPEG']
const sound = makeSound(20, 7)

/** The left channel of what ffmpeg decodes from an address. */
const decode = (address: string): Float32Array => {
  const bytes = execFileSync(
    ffmpeg ?? '',
    ['-v', 'error', '-i', address, '-map', '0:a:0', '-af', 'pan=mono|c0=c0', '-f', 'f32le', '-'],
    { maxBuffer: 2 ** 28 },
  )
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

describe('other players play the HLS playlists', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let device: Device
  let track: Track
  let link: { master: string; lossless?: string }

  beforeAll(async () => {
    folder = await temporaryFolder('hls')
    const album = join(folder.path, 'music', 'The Testers', 'Elsewhere')
    await mkdir(album, { recursive: true })
    await writeWav(join(album, '01 First.wav'), sound)
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--no-demo', join(folder.path, 'music')],
    })
    device = await createDevice(server.origin, await claimCodeOf(server))
    const isComplete = async (): Promise<boolean> => {
      const page = trackPageSchema.parse(await (await device.request('GET', '/api/tracks')).json())
      if (page.items[0] !== undefined) track = page.items[0]
      return (
        track?.heads.flac !== undefined &&
        decodeManifestHead(fromBase64Url(track.heads.aac)).renditions.length === aacRenditions.length
      )
    }
    await until('every rendition is published', isComplete)
    link = (await (
      await device.request('POST', '/api/hls-links', { recordingId: track.recordingId })
    ).json()) as typeof link
  })

  afterAll(async () => {
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test.skipIf(ffmpeg === undefined).each(aacRenditions)(
    'ffmpeg decodes %s to the samples of the source, without an offset after the encoder delay',
    (name) => {
      const head = decodeManifestHead(fromBase64Url(track.heads.aac))
      expect(head.totalSamples).toBe(sound.left.length)
      const decoded = decode(`${server.origin}${link.master.replace('master', name)}`)
      // Some versions of ffmpeg apply the edit list of a fragmented file, which removes the encoder delay; some do not.
      const delay = decoded.length >= head.encoderDelay + head.totalSamples ? head.encoderDelay : 0
      const trimmed = decoded.subarray(delay, delay + head.totalSamples)
      expect(trimmed.length).toBe(sound.left.length)
      const place = placeIn(sound.left, trimmed.subarray(5 * sampleRateHz, 6 * sampleRateHz), {
        near: 5 * sampleRateHz,
        reach: 3000,
      })
      expect(place.offset).toBe(5 * sampleRateHz)
      expect(place.fit).toBeGreaterThan(0.95)
    },
  )

  test.skipIf(ffmpeg === undefined)('ffmpeg decodes the lossless playlist to the bits of the source', async () => {
    const decoded = execFileSync(
      ffmpeg ?? '',
      [
        '-v',
        'error',
        '-i',
        `${server.origin}${link.lossless}`,
        '-map',
        '0:a:0',
        '-c:a',
        'pcm_s16le',
        '-f',
        's16le',
        '-',
      ],
      { maxBuffer: 2 ** 28 },
    )
    const source = (await readFile(join(folder.path, 'music', 'The Testers', 'Elsewhere', '01 First.wav'))).subarray(44)
    expect(decoded.length).toBe(source.length)
    expect(decoded.equals(source)).toBe(true)
  })

  test.skipIf(chromiumPath === undefined)('hls.js plays the encrypted playlists in Chromium', async () => {
    const peer = await startPeerServer(server.origin, new Map())
    const context = await openDevice({ profile: join(folder.path, 'profile') })
    try {
      const page = await context.newPage()
      await page.goto(`http://localhost:${peer.port}/`)
      await page.evaluate(`playHls(${JSON.stringify(link.master)}, {})`)
      await expect.poll(() => page.evaluate('audio.currentTime'), { timeout: 20_000 }).toBeGreaterThan(2)
      await page.evaluate('seekTo(15)')
      expect(await page.evaluate('audio.error')).toBeNull()
      expect(await page.evaluate('Math.abs(audio.duration - 20) < 0.05')).toBe(true)
    } finally {
      await context.close()
      await peer.close()
    }
  })

  test('a link that was altered is refused', async () => {
    const altered = link.master.replace(/\/hls\/(.)/, (_, letter: string) => `/hls/${letter === 'a' ? 'b' : 'a'}`)
    const answer = await fetch(`${server.origin}${altered}`)
    expect(answer.status).toBe(403)
    expect(((await answer.json()) as { code: string }).code).toBe('capability-invalid')
  })
})
