import type { RecordingId } from '@tonestead/crdt/ids'
import { codecOf, renditionNames, type RenditionName } from '@tonestead/protocol/rendition'
import { decodeManifestHead, type Loudness } from '@tonestead/protocol/manifest'
import type { ContentKey } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { EncodedRendition } from '../ports/transcoder.ts'
import { publishManifest, reopenManifest, type SealedRendition } from './publish-manifest.ts'
import { sealRendition } from './seal-rendition.ts'

export type Heads = { readonly aac: Uint8Array; readonly flac?: Uint8Array | undefined }

export type SealDeps = { readonly objects: ObjectStore; readonly catalogKey: CryptoKey }

export type RecordingToSeal = {
  readonly recordingId: RecordingId
  readonly contentKey: ContentKey
  readonly loudness: Loudness
  readonly renditions: readonly EncodedRendition[]
  /** The heads that are published already: their chunks are used again. */
  readonly published?: Heads | undefined
}

/** Seals new renditions and signs heads for all renditions, old and new. Chunks and tails are durable before a head refers to them. */
export const sealRecording = async (
  deps: SealDeps,
  recording: RecordingToSeal,
  signal: AbortSignal,
): Promise<Heads> => {
  const aac = await sealLadder(
    deps,
    {
      recording,
      encoded: recording.renditions.filter((rendition) => codecOf(rendition.name) === 'aac'),
      earlier: recording.published?.aac,
    },
    signal,
  )
  const flac = await sealLadder(
    deps,
    {
      recording,
      encoded: recording.renditions.filter((rendition) => codecOf(rendition.name) === 'flac'),
      earlier: recording.published?.flac,
    },
    signal,
  )
  if (aac === undefined) throw new Error('a recording without an AAC rendition')
  return { aac, flac }
}

type LadderWork = {
  readonly recording: RecordingToSeal
  readonly encoded: readonly EncodedRendition[]
  readonly earlier: Uint8Array | undefined
}

const sealLadder = async (deps: SealDeps, work: LadderWork, signal: AbortSignal): Promise<Uint8Array | undefined> => {
  const [sample] = work.encoded
  if (sample === undefined) return work.earlier
  const { recordingId, contentKey, loudness } = work.recording
  const before = work.earlier === undefined ? undefined : await reopenManifest(deps.objects, work.earlier, signal)
  if (before !== undefined && before.head.totalSamples !== sample.totalSamples)
    throw new Error('renditions of one recording differ in length')
  const sealed: SealedRendition[] = []
  for (const rendition of work.encoded)
    sealed.push({
      name: rendition.name,
      chunks: await sealRendition({ objects: deps.objects, recordingId, contentKey }, rendition, signal),
    })
  const published = (before?.sealed ?? []).filter((rendition) => sealed.every((one) => one.name !== rendition.name))
  const all = [...published, ...sealed].toSorted(
    (one, other) => renditionNames.indexOf(one.name) - renditionNames.indexOf(other.name),
  )
  const largestFrameBytes = work.encoded
    .flatMap((rendition) => [largest(rendition.frameSizes)])
    .reduce((one, other) => Math.max(one, other), before?.head.largestFrameBytes ?? 0)
  return publishManifest(
    deps,
    { recordingId, keyVersion: contentKey.version, loudness, sealed: all, sample, largestFrameBytes },
    signal,
  )
}

const largest = (sizes: Uint32Array): number => sizes.reduce((one, other) => Math.max(one, other), 0)

/** The renditions that a set of heads lists. */
export const renditionsIn = (heads: Heads): readonly RenditionName[] =>
  [heads.aac, heads.flac].flatMap((head) =>
    head === undefined ? [] : decodeManifestHead(head).renditions.map((rendition) => rendition.name),
  )
