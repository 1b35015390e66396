export type BoundedMap<Value> = { get(key: string): Value | undefined; set(key: string, value: Value): void }

/** A map of at most `limit` entries: the entry that was set first is removed. */
export const createBoundedMap = <Value>(limit: number): BoundedMap<Value> => {
  const entries = new Map<string, Value>()
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      const [oldest] = entries.keys()
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest)
    },
  }
}
