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

/** One rendition that lies sealed in the object store. */
export type SealedRendition = { readonly name: RenditionName; readonly chunks: readonly ChunkRef[] }

export type Signing = { readonly objects: ObjectStore; readonly catalogKey: CryptoKey }

export type ManifestParts = {
  readonly recordingId: RecordingId
  readonly keyVersion: number
  readonly loudness: Loudness
  /** All renditions of one ladder, lowest first. */
  readonly sealed: readonly SealedRendition[]
  /** Any encoded rendition of the ladder: they agree in everything but bytes. */
  readonly like: EncodedRendition
  readonly largestFrameBytes: number
}

/** Puts the tail, then signs the head that names it. */
export const publishManifest = async (
  signing: Signing,
  parts: ManifestParts,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const ladder: Ladder = codecOf(parts.like.name)
  const tail = encodeManifestTail({
    renditions: parts.sealed.map((rendition) => rendition.chunks),
    frameSizes: ladder === 'flac' ? Array.from(parts.like.frameSizes) : [],
  })
  const timing = pickTiming(parts.like)
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
  if (signed.length > maxSignedHeadBytes) throw new Error(`a manifest head of ${signed.length} bytes`)
  return signed
}

const pickTiming = (like: EncodedRendition) => ({
  sampleRateHz: like.sampleRateHz,
  channels: like.channels,
  bitsPerSample: like.bitsPerSample,
  encoderDelay: like.encoderDelay,
  totalSamples: like.totalSamples,
  samplesPerFrame: like.samplesPerFrame,
  framesPerSegment: framesPerSegmentOf(like),
  streamInfo: like.streamInfo,
})

const bitrateOf = (chunks: readonly ChunkRef[], durationMs: number): number =>
  Math.min(
    0xffffffff,
    Math.round((chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) * 8000) / Math.max(1, durationMs)),
  )

export type OpenedManifest = { readonly head: ManifestHead; readonly sealed: readonly SealedRendition[] }

/** What an earlier stage published, so that its chunks are named again and not made again. Undefined when its tail is not in the store. */
export const reopenManifest = async (
  objects: ObjectStore,
  signedHead: Uint8Array,
  signal: AbortSignal,
): Promise<OpenedManifest | undefined> => {
  const head = decodeManifestHead(signedHead)
  const bytes = await objects.get(head.tail.id, signal)
  if (bytes === undefined) return undefined
  const tail = decodeManifestTail(bytes, head)
  return { head, sealed: head.renditions.map(({ name }, index) => ({ name, chunks: tail.renditions[index] ?? [] })) }
}
