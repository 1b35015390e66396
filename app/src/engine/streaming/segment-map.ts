import { decodeManifestTail, type ChunkRef, type ManifestHead, type ManifestTail } from '@tonestead/protocol/manifest'
import type { ChunkReader } from './read-chunk.ts'
import { StreamFailure } from './stream-failure.ts'

/** The chunk of a slot in each rendition: of the first two slots from the head, of the others from the tail, which is fetched once. */
export type SegmentMap = {
  refs(slot: number, signal: AbortSignal): Promise<readonly ChunkRef[]>
  tail(signal: AbortSignal): Promise<ManifestTail>
}

export const createSegmentMap = (head: ManifestHead, chunks: ChunkReader): SegmentMap => {
  let known: ManifestTail | undefined
  const tail = async (signal: AbortSignal): Promise<ManifestTail> => {
    known ??= parse((await chunks.read(head.tail, signal)).bytes, head)
    return known
  }
  return {
    tail,
    refs: async (slot, signal) => {
      const first = head.renditions.flatMap((rendition) => rendition.first[slot] ?? [])
      if (first.length === head.renditions.length) return first
      return (await tail(signal)).renditions.map((chunks) => required(chunks[slot], slot))
    },
  }
}

const parse = (bytes: Uint8Array, head: ManifestHead): ManifestTail => {
  try {
    return decodeManifestTail(bytes, head)
  } catch (cause) {
    throw new StreamFailure('head-invalid', 'the manifest tail does not fit its head', { cause })
  }
}

const required = (ref: ChunkRef | undefined, slot: number): ChunkRef => {
  if (ref === undefined) throw new StreamFailure('head-invalid', `the manifest names no chunk for segment ${slot}`)
  return ref
}
