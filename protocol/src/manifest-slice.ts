import { parseChunkId } from '@tonestead/crdt/ids'
import { toHex } from './bytes.ts'
import { tailMagic, type ChunkRef, type ManifestHead } from './manifest.ts'

/** Magic, number of renditions (1), number of segments (4). */
const tailHeaderBytes = 9
/** Size (4) and SHA-256 (32) of a chunk. */
const refBytes = 36

/** Chunks `from` up to, but not including, `to` of one rendition; `rendition` is its place in the head. */
export type TailSlice = { readonly rendition: number; readonly from: number; readonly to: number }

/**
 * Reads some chunks of a manifest tail, for callers that may not hold their thread for a whole tail of many hours. The caller has compared the
 * tail's hash with `head.tail.id`. Throws a TypeError when the tail does not fit the head, and a RangeError for chunks that it does not have.
 */
export const readTailSlice = (
  bytes: Uint8Array,
  head: Pick<ManifestHead, 'renditions' | 'segmentCount'>,
  { rendition, from, to }: TailSlice,
): ChunkRef[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lastByte = tailHeaderBytes + head.renditions.length * head.segmentCount * refBytes
  const isOfHead =
    bytes.length > lastByte && view.getUint8(4) === head.renditions.length && view.getUint32(5) === head.segmentCount
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== tailMagic || !isOfHead)
    throw new TypeError('the tail is not of this head')
  if (rendition < 0 || rendition >= head.renditions.length || from < 0 || to > head.segmentCount)
    throw new RangeError('the tail has no such chunks')
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => {
    const at = tailHeaderBytes + (rendition * head.segmentCount + from + index) * refBytes
    return { sizeBytes: view.getUint32(at), id: parseChunkId(toHex(bytes.subarray(at + 4, at + refBytes))) }
  })
}
