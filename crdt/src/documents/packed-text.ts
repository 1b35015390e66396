/**
 * A value that is stored as one text: a JSON array. So it is replaced as a whole, and two people who change it at the same time cannot mix its parts.
 * `unpack` gives undefined for a text that is no such value. `isPacked`: the text is exactly what `pack` writes for its value.
 */
export type PackedText<T> = {
  readonly pack: (value: T) => string
  readonly unpack: (text: string) => T | undefined
  readonly isPacked: (text: string) => boolean
}

/** [DC4] Makes a `PackedText` of two functions: the fields of a value, and the value of fields (undefined when they are wrong). */
export const createPackedText = <T>(
  toFields: (value: T) => readonly unknown[],
  fromFields: (fields: readonly unknown[]) => T | undefined,
): PackedText<T> => {
  const pack = (value: T): string => JSON.stringify(toFields(value))
  const unpack = (text: string): T | undefined => {
    const fields = parseArray(text)
    return fields === undefined ? undefined : fromFields(fields)
  }
  const isPacked = (text: string): boolean => {
    const value = unpack(text)
    return value !== undefined && pack(value) === text
  }
  return { pack, unpack, isPacked }
}

const parseArray = (text: string): readonly unknown[] | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    // Not JSON: written by a faulty or hostile program, and read as no value.
    return undefined
  }
}

/** A string of at most `maxUnits` UTF-16 units, without a surrogate that lacks its partner. */
export const isShortText = (value: unknown, maxUnits: number): value is string =>
  typeof value === 'string' && value.length <= maxUnits && !/\p{Cs}/u.test(value)
/** A string of the given form. */
export const isTextLike = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value)
/** A whole number from 0 to `max`. */
export const isCount = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max && !Object.is(value, -0)

/** The latest instant and the longest duration in a document, in milliseconds: what a Date holds. */
export const maxMs = 8.64e15
/** 26 characters of lowercase base32 [I1]. */
export const catalogIdPattern = /^[a-z2-7]{26}$/
/** 52 characters of lowercase base32 [I2]. */
export const keyIdPattern = /^[a-z2-7]{52}$/
/** 22 characters of base64url [I5]. */
export const serverIdPattern = /^[A-Za-z0-9_-]{22}$/
