import type { Bytes } from '@tonestead/protocol/bytes'

/** DEFLATE (RFC 1951), without a header. */
export type Compression = {
  deflate(bytes: Bytes): Promise<Bytes>
  /** Undefined when the bytes are not what `deflate` gives, or would become more than `mostBytes`: then it stops there. */
  inflate(bytes: Bytes, mostBytes: number): Promise<Bytes | undefined>
}
