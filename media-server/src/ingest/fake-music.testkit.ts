import { readFile } from 'node:fs/promises'
import type { Bytes } from '@tonestead/protocol/bytes'
import { inheritedPath } from '../platform/process/open-files.ts'
import type { SourceFile } from '../ports/source-file.ts'
import type { RawTags, TagReader } from '../ports/tag-reader.ts'
import type { EncodedRendition, Transcoder } from '../ports/transcoder.ts'

// Files that say in JSON what a decoder and a tag reader would find in them. Ingesting one takes about a millisecond.

export type FakeMusic = {
  readonly format: 'flac' | 'ogg'
  /** Files with the same number of seconds and another `take` have other bytes and the same length. */
  readonly take: number
  readonly seconds: number
  readonly tags: RawTags | undefined
}

const magic = { flac: 'fLaC', ogg: 'OggS' } as const
const sampleRateHz = 8000
const samplesPerFrame = 4096

export const fakeMusicFile = (music: FakeMusic): Buffer => Buffer.from(`${magic[music.format]}${JSON.stringify(music)}`)

/** As the real tools do, by descriptor where the system has paths for that. */
const readMusic = async ({ path, descriptor }: SourceFile): Promise<FakeMusic> => {
  const inherited = descriptor === undefined ? undefined : inheritedPath(descriptor)
  return JSON.parse((await readFile(inherited ?? path, 'utf8')).slice(4)) as FakeMusic
}

export const fakeTagReader: TagReader = { read: async (file) => (await readMusic(file)).tags }

export const fakeTranscoder: Transcoder = {
  name: 'fake',
  limits: '',
  probe: async (file) => {
    const { format, seconds } = await readMusic(file)
    return {
      kind: 'probed',
      probe: {
        codec: format,
        sampleRateHz,
        channels: 2,
        bitsPerSample: 16,
        declaredDurationMs: seconds * 1000,
        isLossless: format === 'flac',
      },
    }
  },
  transcode: async ({ renditions, ...file }) => {
    const { seconds, take } = await readMusic(file)
    const totalSamples = Math.round(seconds * sampleRateHz)
    const frames = Math.ceil(totalSamples / samplesPerFrame)
    const loudness = { integratedLufs: -10 - take, rangeLu: 5, truePeakDbtp: -1 }
    return {
      kind: 'transcoded',
      renditions: renditions.map((name) => ({
        name,
        frameSizes: new Uint32Array(frames).fill(4),
        readFrames: (from: number, to: number) =>
          Promise.resolve(Array.from({ length: to - from }, () => new Uint8Array(4))),
        encoderDelay: 0,
        samplesPerFrame,
        sampleRateHz,
        channels: 2,
        bitsPerSample: name === 'flac' ? 16 : 0,
        streamInfo: name === 'flac' ? new Uint8Array(34) : new Uint8Array(0),
        totalSamples,
      })) satisfies EncodedRendition[],
      analysis: { loudness, waveform: new Uint8Array(800) as Bytes },
      decodeErrors: 0,
    }
  },
}
