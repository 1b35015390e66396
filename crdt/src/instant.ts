// Branded numbers for time: the compiler rejects an instant where a duration is meant.

declare const unit: unique symbol

/** [T1] An instant: milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type UnixMs = number & { readonly [unit]: 'UnixMs' }
/** [T2] A length of time in milliseconds, zero or more, not necessarily whole. */
export type DurationMs = number & { readonly [unit]: 'DurationMs' }

/** [T1] Throws a RangeError when the number is not an integer, or no instant that a JavaScript Date can hold. */
export const parseUnixMs = (value: number): UnixMs => {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15) throw new RangeError(`not an instant: ${value}`)
  return value as UnixMs
}

/** [T2] Throws a RangeError when the number is negative or not finite. */
export const parseDurationMs = (value: number): DurationMs => {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`not a duration: ${value}`)
  return value as DurationMs
}
