import { createCipheriv, createHash } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import { vectorInput, type SegmentAddress } from '@tonestead/protocol/chunk'

/** The same as the protocol's `sealSegment`, but synchronous: for data of this size, Web Crypto's thread switches take longer than the cipher. */
export const sealSegmentSync = (
  key: Bytes,
  { address, segment }: { address: SegmentAddress; segment: Bytes },
): Bytes => {
  const iv = createHash('sha256').update(vectorInput(address)).digest().subarray(0, 16)
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const [body, end] = [cipher.update(segment), cipher.final()]
  const sealed = new Uint8Array(body.length + end.length)
  sealed.set(body)
  sealed.set(end, body.length)
  return sealed
}
