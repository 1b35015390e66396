// Time as numbers with a brand, so that an instant is never added to an instant by mistake.

declare const unit: unique symbol

/** An instant: milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type UnixMs = number & { readonly [unit]: 'UnixMs' }
/** A length of time in milliseconds, zero or more. */
export type DurationMs = number & { readonly [unit]: 'DurationMs' }

/** Throws a RangeError when the number is not an instant that JavaScript's Date can hold. */
export const parseUnixMs = (value: number): UnixMs => {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15) throw new RangeError(`not an instant: ${value}`)
  return value as UnixMs
}

/** Throws a RangeError when the number is negative or not finite. */
export const parseDurationMs = (value: number): DurationMs => {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`not a duration: ${value}`)
  return value as DurationMs
}
