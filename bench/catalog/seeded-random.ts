/** A small, fast generator with the same numbers on every machine, so that every machine makes the same catalog. Not for secrets. */
export type Random = {
  /** 0 ≤ x < 1. */
  next(): number
  /** A whole number, 0 ≤ x < `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  /** Throws a RangeError on an empty list. */
  pick<T>(list: readonly T[]): T
}

/** FNV-1a over UTF-16 units, as an unsigned 32-bit number. */
export const hashText = (text: string, seed = 0x811c9dc5): number => {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** mulberry32 (Tommy Ettinger, public domain); any text is a seed. */
export const createRandom = (seed: string): Random => {
  let state = hashText(seed)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('cannot pick from an empty list')
      return list[below(list.length)] as (typeof list)[number]
    },
  }
}
