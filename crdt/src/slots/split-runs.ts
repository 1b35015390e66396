import { maxIntentBytes, maxIntentEntries } from '../documents/document-limits.ts'
import type { Place } from './place.ts'

/** Items that go to one place. */
export type ItemsAt<T> = { readonly items: readonly T[]; readonly place: Place }
type Rules<T> = { readonly idOf: (item: T) => string; readonly costOf: (item: T) => number }

/**
 * [IN3] Cuts runs into parts of which each fits one change. A run that is cut goes on after the last item of its first part, so that it stays one
 * uninterrupted run.
 */
export const splitRuns = <T>(runs: readonly ItemsAt<T>[], { idOf, costOf }: Rules<T>): ItemsAt<T>[][] => {
  const parts: { items: T[]; place: Place }[][] = []
  let [count, cost] = [Infinity, Infinity]
  for (const { items, place } of runs) {
    let open: { items: T[]; place: Place } | undefined
    let last: T | undefined
    for (const item of items) {
      if (count === maxIntentEntries || cost + costOf(item) > maxIntentBytes) {
        parts.push([])
        open = undefined
        ;[count, cost] = [0, 0]
      }
      if (open === undefined) {
        open = { items: [], place: last === undefined ? place : { kind: 'after', entry: idOf(last) } }
        parts.at(-1)?.push(open)
      }
      open.items.push(item)
      last = item
      count += 1
      cost += costOf(item)
    }
  }
  return parts
}
