/** The values of a document: what JSON has, without null. */
export type PlainValue = string | number | boolean | readonly PlainValue[] | PlainMap
/** A map of a document. */
export type PlainMap = { readonly [key: string]: PlainValue }

export const isList = (value: PlainValue | undefined): value is readonly PlainValue[] => Array.isArray(value)

export const isMap = (value: PlainValue | undefined): value is PlainMap => typeof value === 'object' && !isList(value)

/** A map from its keys and values. Every key is an own key, `__proto__` too. */
export const mapOf = (entries: Iterable<readonly [string, PlainValue]>): PlainMap => Object.fromEntries(entries)

/** The value at an own key. */
export const valueAt = (map: PlainMap, key: string): PlainValue | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined
