import type { StringPool } from './string-pool.ts'

/** Finds a document's number by its id: open addressing in one typed array. */
export type IdTable = { /** -1: not there. */ find(id: string): number }

export const createIdTable = (ids: StringPool): IdTable => {
  let size = 4
  while (size < ids.count * 2) size *= 2
  const slots = new Uint32Array(size)
  for (let index = 0; index < ids.count; index++) {
    let slot = hashOf(ids.get(index)) & (size - 1)
    while ((slots[slot] ?? 0) !== 0) slot = (slot + 1) & (size - 1)
    slots[slot] = index + 1
  }
  const find = (id: string): number => {
    for (let slot = hashOf(id) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const index = slots[slot] ?? 0
      if (index === 0) return -1
      if (ids.get(index - 1) === id) return index - 1
    }
  }
  return { find }
}

/** FNV-1a over UTF-16 units, mixed once more so that the low bits are good. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
