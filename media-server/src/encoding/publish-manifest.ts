import type { RecordingId } from '@tonestead/crdt/ids'
import {
  decodeManifestHead,
  decodeManifestTail,
  durationMsOf,
  encodeManifestTail,
  maxSignedHeadBytes,
  segmentCountOf,
  signManifestHead,
  type ChunkRef,
  type Ladder,
  type Loudness,
  type ManifestHead,
} from '@tonestead/protocol/manifest'
import { codecOf, type RenditionName } from '@tonestead/protocol/rendition'
import type { ObjectStore } from '../ports/object-store.ts'
import type { EncodedRendition } from '../ports/transcoder.ts'
import { framesPerSegmentOf } from './package-rendition.ts'

/** A rendition whose sealed chunks are in the object store. */
export type SealedRendition = { readonly name: RenditionName; readonly chunks: readonly ChunkRef[] }

export type Signing = { readonly objects: ObjectStore; readonly catalogKey: CryptoKey }

export type ManifestParts = {
  readonly recordingId: RecordingId
  readonly keyVersion: number
  readonly loudness: Loudness
  /** All renditions of one ladder, lowest first. */
  readonly sealed: readonly SealedRendition[]
  /** Any encoded rendition of the ladder: all of them have the same timing and format. */
  readonly sample: EncodedRendition
  readonly largestFrameBytes: number
}

/** Stores the manifest tail, then signs the head that refers to it. */
export const publishManifest = async (
  signing: Signing,
  parts: ManifestParts,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const ladder: Ladder = codecOf(parts.sample.name)
  const tail = encodeManifestTail({
    renditions: parts.sealed.map((rendition) => rendition.chunks),
    frameSizes: ladder === 'flac' ? Array.from(parts.sample.frameSizes) : [],
  })
  const timing = pickTiming(parts.sample)
  const durationMs = durationMsOf(timing)
  const head: ManifestHead = {
    ladder,
    recordingId: parts.recordingId,
    keyVersion: parts.keyVersion,
    ...timing,
    segmentCount: segmentCountOf(timing),
    largestFrameBytes: parts.largestFrameBytes,
    loudness: parts.loudness,
    tail: { id: await signing.objects.put(tail, signal), sizeBytes: tail.length },
    renditions: parts.sealed.map(({ name, chunks }) => ({
      name,
      bitrateBps: bitrateOf(chunks, durationMs),
      first: chunks.slice(0, 2),
    })),
  }
  const signed = await signManifestHead(crypto.subtle, signing.catalogKey, head)
  if (signed.length > maxSignedHeadBytes) throw new Error(`the manifest head is too long: ${signed.length} bytes`)
  return signed
}

const pickTiming = (sample: EncodedRendition) => ({
  sampleRateHz: sample.sampleRateHz,
  channels: sample.channels,
  bitsPerSample: sample.bitsPerSample,
  encoderDelay: sample.encoderDelay,
  totalSamples: sample.totalSamples,
  samplesPerFrame: sample.samplesPerFrame,
  framesPerSegment: framesPerSegmentOf(sample),
  streamInfo: sample.streamInfo,
})

const bitrateOf = (chunks: readonly ChunkRef[], durationMs: number): number =>
  Math.min(
    0xffffffff,
    Math.round((chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) * 8000) / Math.max(1, durationMs)),
  )

export type OpenedManifest = { readonly head: ManifestHead; readonly sealed: readonly SealedRendition[] }

/** Reads what an earlier stage has published, so that its chunks are used again. Undefined when its tail is not in the object store, or damaged. */
export const reopenManifest = async (
  objects: ObjectStore,
  signedHead: Uint8Array,
  signal: AbortSignal,
): Promise<OpenedManifest | undefined> => {
  const head = decodeManifestHead(signedHead)
  const bytes =
    (await objects.check(head.tail.id, signal)) === 'sound' ? await objects.get(head.tail.id, signal) : undefined
  if (bytes === undefined) return undefined
  const tail = decodeManifestTail(bytes, head)
  return { head, sealed: head.renditions.map(({ name }, index) => ({ name, chunks: tail.renditions[index] ?? [] })) }
}
