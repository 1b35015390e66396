// Lists of numbers, each stored once, numbered in the order of their first use.
import { createWholeColumn } from '../segment/column.ts'
import { createHashSlots } from '../segment/hash-slots.ts'

export type InternedLists = {
  readonly of: (list: readonly number[]) => number
  readonly count: () => number
  readonly lengthOf: (list: number) => number
  readonly item: (list: number, at: number) => number
}

export const createInternedLists = (): InternedLists => {
  const items = createWholeColumn()
  const starts = createWholeColumn()
  starts.add(0)
  const slots = createHashSlots()
  const lengthOf = (list: number): number => starts.get(list + 1) - starts.get(list)
  const item = (list: number, at: number): number => items.get(starts.get(list) + at)
  const of = (list: readonly number[]): number => {
    const hash = hashOf(list)
    const found = slots.find(
      hash,
      (number) => lengthOf(number) === list.length && list.every((wanted, at) => item(number, at) === wanted),
    )
    if (found >= 0) return found
    slots.add(hash)
    for (const wanted of list) items.add(wanted)
    starts.add(items.count())
    return starts.count() - 2
  }
  return { of, count: () => starts.count() - 1, lengthOf, item }
}

const hashOf = (list: readonly number[]): number => {
  let hash = 0x811c9dc5
  for (const number of list) {
    hash = Math.imul(hash ^ number, 0xcc9e2d51)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
