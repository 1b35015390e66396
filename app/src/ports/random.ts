import type { Bytes } from '@tonestead/protocol/bytes'

/** Randomness, as an argument: unpredictable in the browser, seeded in tests. */
export type Random = {
  bytes(length: number): Bytes
  /** A whole number from 0 up to, not including, `limit`; fair. */
  below(limit: number): number
}
