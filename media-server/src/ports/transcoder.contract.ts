import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat, latin1, utf8, type Bytes } from '@tonestead/protocol/bytes'
import { initSegment } from '@tonestead/protocol/init-segment'
import { segmentCountOf, type ManifestHead } from '@tonestead/protocol/manifest'
import { aacRenditions, codecOf, renditionsOf } from '@tonestead/protocol/rendition'
import { writeSegment } from '@tonestead/protocol/segment'
import { describe, expect, it } from 'vitest'
import type { SourceFile } from './source-file.ts'
import type { EncodedRendition, SourceFormat, Transcoded, Transcoder } from './transcoder.ts'

const signal = new AbortController().signal
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tonestead-transcoder-'))

export type Wave = {
  readonly rateHz: number
  readonly channels: number
  readonly bits: 16 | 24
  readonly seconds: number
}

/** A sound that never repeats, so that a shifted copy correlates badly. PCM, little-endian. */
const pcmOf = ({ rateHz, channels, bits, seconds }: Wave): Bytes => {
  const frames = Math.round(rateHz * seconds)
  const bytes = new Uint8Array((frames * channels * bits) / 8)
  const view = new DataView(bytes.buffer)
  let noise = 1
  for (let frame = 0, at = 0; frame < frames; frame += 1) {
    const time = frame / rateHz
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0
    for (let channel = 0; channel < channels; channel += 1, at += bits / 8) {
      const chirp = Math.sin(2 * Math.PI * (180 + 97 * time * (channel + 1)) * time) * 0.3
      const value =
        chirp + Math.sin(2 * Math.PI * 523.25 * time) * 0.1 * (1 + Math.sin(time * 7)) + (noise / 2 ** 31 - 1) * 0.04
      if (bits === 16) view.setInt16(at, Math.round(value * 32767), true)
      else {
        const whole = Math.round(value * 8388607)
        view.setUint8(at, whole & 255)
        view.setInt16(at + 1, whole >> 8, true)
      }
    }
  }
  return bytes
}

const little = (value: number, sizeBytes: 2 | 4): Bytes =>
  Uint8Array.from({ length: sizeBytes }, (_, index) => (value >>> (8 * index)) & 255)

export const wavOf = (wave: Wave, pcm: Bytes = pcmOf(wave)): Bytes => {
  const width = (wave.channels * wave.bits) / 8
  const format = concat(
    little(1, 2),
    little(wave.channels, 2),
    little(wave.rateHz, 4),
    little(wave.rateHz * width, 4),
    little(width, 2),
    little(wave.bits, 2),
  )
  const body = concat(latin1('WAVEfmt '), little(16, 4), format, latin1('data'), little(pcm.length, 4), pcm)
  return concat(latin1('RIFF'), little(body.length, 4), body)
}

const fileOf = (bytes: Bytes, name = 'source.bin'): string => {
  const path = join(newFolder(), name)
  writeFileSync(path, bytes)
  return path
}

const makeAll = async (transcoder: Transcoder, file: SourceFile & { format: SourceFormat }): Promise<Transcoded> => {
  const probed = await transcoder.probe(file, signal)
  if (probed.kind === 'refused') throw new Error(`refused: ${probed.code}`)
  const renditions = [...aacRenditions, ...(probed.probe.isLossless ? renditionsOf('flac') : [])]
  const made = await transcoder.transcode(
    { ...file, probe: probed.probe, renditions, isAnalysed: true, workFolder: newFolder() },
    signal,
  )
  if (made.kind === 'refused') throw new Error(`refused: ${made.code} ${made.detail ?? ''}`)
  return made
}

/** The rendition as a fragmented MP4 file, encoder delay and padding included. */
const mp4Of = async (rendition: EncodedRendition): Promise<Bytes> => {
  const { encoderDelay, samplesPerFrame, sampleRateHz, channels, bitsPerSample, streamInfo, totalSamples, frameSizes } =
    rendition
  const head = {
    ladder: codecOf(rendition.name),
    encoderDelay,
    samplesPerFrame,
    sampleRateHz,
    channels,
    bitsPerSample,
    streamInfo,
    totalSamples,
    framesPerSegment: 150,
  } as ManifestHead
  const segments: Bytes[] = []
  for (let index = 0; index < segmentCountOf(head); index += 1) {
    const frames = await rendition.readFrames(index * 150, Math.min((index + 1) * 150, frameSizes.length))
    segments.push(writeSegment({ index, decodeTime: index * 150 * samplesPerFrame, samplesPerFrame, frames }))
  }
  return concat(initSegment(head), ...segments)
}

const ffmpegRaw = (args: readonly string[]): Buffer =>
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args, 'pipe:1'], { maxBuffer: 512 * 1024 * 1024 })
export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

/** Decodes to the mono sum as 32-bit floats at 48 kHz, for correlation. */
const decode = (path: string, before: readonly string[] = []): Float32Array => {
  const raw = ffmpegRaw([
    ...before,
    '-i',
    path,
    '-map',
    '0:a:0',
    '-af',
    'aresample=48000:rematrix_maxval=1,aformat=channel_layouts=stereo',
    '-c:a',
    'pcm_f32le',
    '-f',
    'f32le',
  ])
  const stereo = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length))
  return Float32Array.from(
    { length: stereo.length / 2 },
    (_, index) => (stereo[2 * index] ?? 0) + (stereo[2 * index + 1] ?? 0),
  )
}

/** The shift of `made` against `source` with the highest correlation, in samples. */
const bestOffset = (source: Float32Array, made: Float32Array): { offset: number; correlation: number } => {
  const reach = 1500
  const length = Math.min(16_384, source.length - 2 * reach)
  const start = Math.floor((source.length - length) / 2)
  let best = { offset: 0, correlation: -1 }
  for (let offset = -reach; offset <= reach; offset += 1) {
    let [product, one, other] = [0, 0, 0]
    for (let index = 0; index < length; index += 1) {
      const a = source[start + index] ?? 0
      const b = made[start + index + offset] ?? 0
      product += a * b
      one += a * a
      other += b * b
    }
    const correlation = product / Math.sqrt(one * other + 1e-12)
    if (correlation > best.correlation) best = { offset, correlation }
  }
  return best
}

const musicOf = async (rendition: EncodedRendition): Promise<Float32Array> => {
  const path = fileOf(await mp4Of(rendition), 'made.mp4')
  return decode(path, ['-ignore_editlist', '1']).subarray(
    rendition.encoderDelay,
    rendition.encoderDelay + rendition.totalSamples,
  )
}

/** The contract of every transcoder. Tests named with `judged` compare with a real ffmpeg and are skipped without one. */
export const transcoderContract = (create: () => Promise<Transcoder>): void => {
  const judged = hasFfmpeg ? it : it.skip

  it.skipIf(process.platform !== 'linux')(
    '[CT17] reads the open file when its path leads to another one by now',
    async () => {
      const ofSeconds = (seconds: number) => wavOf({ rateHz: 44_100, channels: 2, bits: 16, seconds })
      const path = fileOf(ofSeconds(2))
      await using opened = await open(path)
      rmSync(path)
      symlinkSync(fileOf(ofSeconds(5)), path)
      const made = await makeAll(await create(), { path, descriptor: opened.fd, format: 'wav' })
      expect(made.renditions.map((rendition) => Math.round(rendition.totalSamples / rendition.sampleRateHz))).toEqual(
        made.renditions.map(() => 2),
      )
    },
  )

  describe.each<Wave>([
    { rateHz: 44_100, channels: 2, bits: 16, seconds: 7.3 },
    { rateHz: 22_050, channels: 1, bits: 16, seconds: 3.7 },
    { rateHz: 96_000, channels: 2, bits: 24, seconds: 3.1 },
    { rateHz: 48_000, channels: 6, bits: 16, seconds: 2.9 },
  ])('with $channels channels of $bits bits at $rateHz Hz', (wave) => {
    const file = { path: fileOf(wavOf(wave)), format: 'wav' as const }
    let made: Promise<Transcoded> | undefined
    const makeOnce = (): Promise<Transcoded> => (made ??= create().then((transcoder) => makeAll(transcoder, file)))

    it('makes exactly the frames that encoder delay and audio need, and counts the samples of the source', async () => {
      const { renditions, decodeErrors } = await makeOnce()
      expect(decodeErrors).toBe(0)
      expect(renditions.map((rendition) => rendition.name)).toEqual([...aacRenditions, 'flac'])
      for (const rendition of renditions) {
        expect(rendition.frameSizes.length).toBe(
          Math.ceil((rendition.encoderDelay + rendition.totalSamples) / rendition.samplesPerFrame),
        )
        expect((await rendition.readFrames(1, 3)).map((frame) => frame.length)).toEqual([
          ...rendition.frameSizes.slice(1, 3),
        ])
      }
      const flac = renditions.at(-1)
      expect(flac).toMatchObject({
        sampleRateHz: wave.rateHz,
        channels: wave.channels,
        bitsPerSample: wave.bits,
        totalSamples: Math.round(wave.rateHz * wave.seconds),
        encoderDelay: 0,
      })
      expect(Math.abs((renditions[0]?.totalSamples ?? 0) - wave.seconds * 48_000)).toBeLessThanOrEqual(2)
    })

    judged('decodes, trimmed, to the source without any shift in every rendition', async () => {
      const { renditions } = await makeOnce()
      const source = decode(file.path)
      for (const rendition of renditions.filter(({ name }) => codecOf(name) === 'aac')) {
        const music = await musicOf(rendition)
        expect(music.length).toBe(source.length)
        const { offset, correlation } = bestOffset(source, music)
        expect({ name: rendition.name, offset, isAlike: correlation > 0.98 }).toEqual({
          name: rendition.name,
          offset: 0,
          isAlike: true,
        })
      }
    })

    judged('preserves every bit of the decoded source in FLAC', async () => {
      const { renditions } = await makeOnce()
      const flac = renditions.find((rendition) => rendition.name === 'flac')
      if (flac === undefined) throw new Error('no FLAC')
      const path = fileOf(await mp4Of(flac), 'made.mp4')
      const codec = wave.bits === 16 ? 's16le' : 's24le'
      const raw = (of: string): Buffer => ffmpegRaw(['-i', of, '-c:a', `pcm_${codec}`, '-f', codec])
      expect(raw(path).equals(raw(file.path))).toBe(true)
    })

    judged('measures the same loudness as ffmpeg’s own ebur128', async () => {
      const { analysis } = await makeOnce()
      const printed = spawnSync(
        'ffmpeg',
        ['-nostdin', '-hide_banner', '-i', file.path, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'],
        { encoding: 'utf8' },
      ).stderr
      const last = printed.slice(printed.lastIndexOf('Summary:'))
      const value = (label: RegExp): number => Number(label.exec(last)?.[1])
      expect(Math.abs((analysis?.loudness.integratedLufs ?? 0) - value(/I:\s+(-?[\d.]+)/))).toBeLessThanOrEqual(0.1)
      expect(Math.abs((analysis?.loudness.truePeakDbtp ?? 0) - value(/Peak:\s+(-?[\d.]+)/))).toBeLessThanOrEqual(0.1)
    })
  })

  it('makes a waveform of 800 peaks that follow the audio', async () => {
    const wave: Wave = { rateHz: 48_000, channels: 2, bits: 16, seconds: 8 }
    const pcm = pcmOf(wave)
    pcm.fill(0, 0, pcm.length / 2)
    const { analysis } = await makeAll(await create(), { path: fileOf(wavOf(wave, pcm)), format: 'wav' })
    expect(analysis?.waveform.length).toBe(800)
    expect(Math.max(...(analysis?.waveform.slice(0, 398) ?? []))).toBeLessThanOrEqual(1)
    expect(Math.min(...(analysis?.waveform.slice(410) ?? []))).toBeGreaterThan(30)
  })

  it('measures finite values for digital silence', async () => {
    const wave: Wave = { rateHz: 44_100, channels: 2, bits: 16, seconds: 2 }
    const { analysis } = await makeAll(await create(), {
      path: fileOf(wavOf(wave, new Uint8Array(44_100 * 8))),
      format: 'wav',
    })
    expect(analysis?.loudness).toEqual({ integratedLufs: -70, rangeLu: 0, truePeakDbtp: expect.any(Number) })
    expect(Number.isFinite(analysis?.loudness.truePeakDbtp)).toBe(true)
  })

  it('refuses truncated files, noise behind a valid header, and files with too little audio', async () => {
    const transcoder = await create()
    const whole = wavOf({ rateHz: 44_100, channels: 2, bits: 16, seconds: 4 })
    const outcomeOf = async (path: string, format: SourceFormat): Promise<string> => {
      const probed = await transcoder.probe({ path, format }, signal)
      if (probed.kind === 'refused') return probed.code
      const made = await transcoder.transcode(
        { path, format, probe: probed.probe, renditions: ['aac-128'], isAnalysed: true, workFolder: newFolder() },
        signal,
      )
      return made.kind === 'refused' ? made.code : 'done'
    }
    expect(await outcomeOf(fileOf(wavOf({ rateHz: 44_100, channels: 2, bits: 16, seconds: 0.05 })), 'wav')).toBe(
      'too-short',
    )
    expect(
      await outcomeOf(
        fileOf(
          concat(
            latin1('fLaC'),
            new Uint8Array(500).map((_, index) => (index * 197) & 255),
          ),
        ),
        'flac',
      ),
    ).toBe('damaged')
    expect(await outcomeOf(fileOf(whole.slice(0, 44)), 'wav')).toMatch(/^(?:damaged|too-short|truncated)$/)
    expect(await outcomeOf(fileOf(utf8('OggS but not really')), 'ogg')).toBe('damaged')
  })

  it('opens no other file for a playlist with an audio name, whatever format is passed', async () => {
    const transcoder = await create()
    const real = fileOf(wavOf({ rateHz: 44_100, channels: 2, bits: 16, seconds: 2 }), 'other.wav')
    for (const text of [
      `#EXTM3U\n#EXTINF:2,\n${real}\n`,
      `ffconcat version 1.0\nfile '${real}'\n`,
      `[playlist]\nFile1=${real}\n`,
    ]) {
      for (const format of ['flac', 'mp3', 'wav', 'mov', 'ogg', 'matroska', 'aac'] as const) {
        const probed = await transcoder.probe({ path: fileOf(utf8(text), 'song.flac'), format }, signal)
        expect(probed.kind).toBe('refused')
      }
    }
  })

  it('stops its work when the signal aborts', async () => {
    const transcoder = await create()
    // Ten minutes, so that the work is not over when it is aborted.
    const wave: Wave = { rateHz: 44_100, channels: 2, bits: 16, seconds: 10 }
    const pcm = concat(...(Array.from({ length: 60 }).fill(pcmOf(wave)) as Bytes[]))
    const file = { path: fileOf(wavOf({ ...wave, seconds: 600 }, pcm)), format: 'wav' as const }
    const probed = await transcoder.probe(file, signal)
    if (probed.kind === 'refused') throw new Error('refused')
    const workFolder = newFolder()
    const stop = new AbortController()
    const work = transcoder.transcode(
      { ...file, probe: probed.probe, renditions: ['aac-64', 'aac-256'], isAnalysed: true, workFolder },
      stop.signal,
    )
    const rejection = expect(work).rejects.toThrow('enough')
    // The first output file shows that the work has begun.
    await expect.poll(() => readdirSync(workFolder).length, { timeout: 40_000, interval: 5 }).toBeGreaterThan(0)
    stop.abort(new Error('enough'))
    await rejection
  })
}
