import { execFileSync } from 'node:child_process'
import type { ChunkId } from '@tonestead/crdt/ids'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { toBase32, type Bytes } from '@tonestead/protocol/bytes'
import { chunkIdOf, sealSegment } from '@tonestead/protocol/chunk'
import { aacRenditions, nominalBitrateOf, type RenditionName } from '@tonestead/protocol/rendition'
import { signingJwkSchema, type SigningJwk } from '@tonestead/protocol/device-log'
import {
  encodeManifestTail,
  signManifestHead,
  type ChunkRef,
  type Ladder,
  type ManifestHead,
} from '@tonestead/protocol/manifest'
import { writeSegment } from '@tonestead/protocol/segment'

// A recording as the media server publishes it, made in memory.

const { subtle } = crypto

export type TestRecording = {
  readonly head: ManifestHead
  readonly signedHead: Bytes
  readonly serverKey: SigningJwk
  readonly contentKey: CryptoKey
  readonly objects: ReadonlyMap<ChunkId, Bytes>
  readonly frames: ReadonlyMap<RenditionName, readonly Uint8Array[]>
}

type TestRendition = {
  readonly name: RenditionName
  readonly bitrateBps: number
  readonly frames: readonly Uint8Array[]
}

type TestSound = {
  readonly ladder?: Ladder
  readonly renditions: readonly TestRendition[]
  readonly totalSamples: number
  readonly encoderDelay: number
  readonly framesPerSegment?: number
}

const put = async (objects: Map<ChunkId, Bytes>, bytes: Bytes): Promise<ChunkRef> => {
  const id = await chunkIdOf(subtle, bytes)
  objects.set(id, bytes)
  return { id, sizeBytes: bytes.length }
}

const publishRecording = async (sound: TestSound): Promise<TestRecording> => {
  const objects = new Map<ChunkId, Bytes>()
  const recordingId = parseRecordingId(toBase32(crypto.getRandomValues(new Uint8Array(16))))
  const contentKey = await subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(16)), 'AES-CBC', false, [
    'encrypt',
    'decrypt',
  ])
  const ladder = sound.ladder ?? 'aac'
  const samplesPerFrame = ladder === 'aac' ? 1024 : 4096
  const framesPerSegment = sound.framesPerSegment ?? 150
  const frameCount = Math.ceil((sound.encoderDelay + sound.totalSamples) / samplesPerFrame)
  const segmentCount = Math.ceil(frameCount / framesPerSegment)
  const sealed = await Promise.all(
    sound.renditions.map(async ({ name, frames }) => {
      const refs: ChunkRef[] = []
      for (let index = 0; index < segmentCount; index += 1) {
        const slice = frames.slice(index * framesPerSegment, Math.min(frameCount, (index + 1) * framesPerSegment))
        const segment = writeSegment({
          index,
          decodeTime: index * framesPerSegment * samplesPerFrame,
          samplesPerFrame,
          frames: slice,
        })
        refs.push(
          await put(
            objects,
            await sealSegment(subtle, contentKey, {
              address: { recordingId, keyVersion: 1, rendition: name, index },
              segment,
            }),
          ),
        )
      }
      return refs
    }),
  )
  const frameSizes =
    ladder === 'flac' ? (sound.renditions[0]?.frames ?? []).slice(0, frameCount).map((frame) => frame.length) : []
  const tail = await put(objects, encodeManifestTail({ renditions: sealed, frameSizes }))
  const head: ManifestHead = {
    ladder,
    recordingId,
    keyVersion: 1,
    sampleRateHz: 48000,
    channels: 2,
    bitsPerSample: ladder === 'aac' ? 0 : 16,
    encoderDelay: sound.encoderDelay,
    totalSamples: sound.totalSamples,
    samplesPerFrame,
    framesPerSegment,
    segmentCount,
    largestFrameBytes: Math.max(
      ...sound.renditions.flatMap((rendition) => rendition.frames.map((frame) => frame.length)),
    ),
    loudness: { integratedLufs: -10, rangeLu: 5, truePeakDbtp: -0.5 },
    tail,
    streamInfo: new Uint8Array(ladder === 'flac' ? 34 : 0),
    renditions: sound.renditions.map(({ name, bitrateBps }, index) => ({
      name,
      bitrateBps,
      first: (sealed[index] ?? []).slice(0, 2),
    })),
  }
  const signing = await subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const { kty, crv, x } = await subtle.exportKey('jwk', signing.publicKey)
  const serverKey = signingJwkSchema.parse({ kty, crv, x })
  const frames = new Map(sound.renditions.map((rendition) => [rendition.name, rendition.frames]))
  return {
    head,
    signedHead: await signManifestHead(subtle, signing.privateKey, head),
    serverKey,
    contentKey,
    objects,
    frames,
  }
}

/** Frames of noise that end like AAC frames: ID_END, then zero bits up to the byte. */
export const noiseFrames = (count: number, meanBytes: number, seed: number): Uint8Array[] => {
  let state = seed
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8
  return Array.from({ length: count }, () => {
    const frame = Uint8Array.from(
      { length: Math.max(2, Math.floor(meanBytes * (0.5 + (next() % 1000) / 1000))) },
      () => next() & 255,
    )
    frame[frame.length - 1] = (0b111 << (next() % 6)) & 255
    return frame
  })
}

export const noiseRecording = (seconds: number, framesPerSegment = 150): Promise<TestRecording> => {
  const totalSamples = Math.round(seconds * 48000)
  const count = Math.ceil((1024 + totalSamples) / 1024)
  const rendition = (name: RenditionName): TestRendition => {
    const bitrateBps = nominalBitrateOf(name)
    return { name, bitrateBps, frames: noiseFrames(count, (bitrateBps * 1024) / 48000 / 8, bitrateBps / 1000) }
  }
  return publishRecording({
    renditions: aacRenditions.map(rendition),
    totalSamples,
    encoderDelay: 1024,
    framesPerSegment,
  })
}

/** The ffmpeg of this machine, for tests that decode; undefined: there is none. */
export const findFfmpeg = (): string | undefined => {
  try {
    execFileSync(process.env['FFMPEG_PATH'] ?? 'ffmpeg', ['-version'], { stdio: 'ignore' })
    return process.env['FFMPEG_PATH'] ?? 'ffmpeg'
  } catch {
    return undefined
  }
}

/** A gliding tone with noise: no moment is like another. */
const testTone = (seconds: number): string =>
  `aevalsrc=0.4*sin(2*PI*(200+40*t)*t)+0.1*(random(0)-0.5)|0.4*sin(2*PI*(300+30*t)*t)+0.1*(random(1)-0.5):s=48000:d=${seconds}`

const encodeAac = (ffmpeg: string, seconds: number, kbps: number): Uint8Array[] => {
  const adts = execFileSync(
    ffmpeg,
    ['-v', 'error', '-f', 'lavfi', '-i', testTone(seconds), '-c:a', 'aac', '-b:a', `${kbps}k`, '-f', 'adts', 'pipe:1'],
    { maxBuffer: 64e6 },
  )
  const frames: Uint8Array[] = []
  for (let offset = 0; offset + 7 <= adts.length;) {
    const length = ((adts[offset + 3]! & 3) << 11) | (adts[offset + 4]! << 3) | (adts[offset + 5]! >> 5)
    frames.push(Uint8Array.from(adts.subarray(offset + 7, offset + length)))
    offset += length
  }
  return frames
}

/** The test tone in all AAC renditions, encoded by a real ffmpeg. */
export const toneRecording = (ffmpeg: string, seconds: number): Promise<TestRecording> => {
  const rendition = (name: RenditionName): TestRendition => {
    const bitrateBps = nominalBitrateOf(name)
    return { name, bitrateBps, frames: encodeAac(ffmpeg, seconds, bitrateBps / 1000) }
  }
  return publishRecording({
    renditions: aacRenditions.map(rendition),
    totalSamples: Math.round(seconds * 48000),
    encoderDelay: 1024,
  })
}
