import { encodeText, type StringPool } from '../text/string-pool.ts'

/** Finds the number of a document by its id: a hash table with open addressing in one typed array. */
export type IdTable = { /** -1: unknown id. */ find(id: string): number }

export const createIdTable = ({ bytes, offsets, count }: StringPool): IdTable => {
  let size = 4
  while (size < count * 2) size *= 2
  const slots = new Uint32Array(size)
  for (let index = 0; index < count; index++) {
    let slot = hashOf(bytes, offsets[index] ?? 0, offsets[index + 1] ?? 0) & (size - 1)
    while ((slots[slot] ?? 0) !== 0) slot = (slot + 1) & (size - 1)
    slots[slot] = index + 1
  }
  const isAt = (index: number, id: Uint8Array): boolean => {
    const start = offsets[index] ?? 0
    return (offsets[index + 1] ?? 0) - start === id.length && id.every((byte, at) => bytes[start + at] === byte)
  }
  const find = (id: string): number => {
    const wanted = encodeText(id)
    for (let slot = hashOf(wanted, 0, wanted.length) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const index = slots[slot] ?? 0
      if (index === 0) return -1
      if (isAt(index - 1, wanted)) return index - 1
    }
  }
  return { find }
}

/** FNV-1a with a final mix, so that the low bits are well distributed. */
export const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
