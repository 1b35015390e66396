import { expect, it } from 'vitest'
import { newCollection, newDevice, testEnvelope, testRules } from '../ports/log-store.testkit.ts'
import { createRecentItems } from './recent-items.ts'

const collection = newCollection()
const seen = { seq: 0, chain: testRules.firstChain(collection) }
const placed = (seq: number, size = 100) => ({
  item: testEnvelope({ collection, device: newDevice(), seen, size }),
  seq,
})

it('gives the items after a place while it has all of them', () => {
  const recent = createRecentItems(() => true)
  const items = [placed(5), placed(6), placed(7)]
  recent.put(items)
  const bytes = items.map(({ item }) => item.bytes)
  expect(recent.after(collection, 4)).toEqual(bytes)
  expect(recent.after(collection, 6)).toEqual(bytes.slice(2))
  // Before the first, and after the last: the store may have more than this process has seen.
  expect(recent.after(collection, 3)).toBeUndefined()
  expect(recent.after(collection, 7)).toBeUndefined()
  expect(recent.after(newCollection(), 0)).toBeUndefined()
})

it('begins anew after a gap or a cut, and forgets what is too much and what nobody reads', () => {
  let isRead = true
  const recent = createRecentItems(() => isRead)
  recent.put([placed(1), placed(2), placed(5)])
  expect(recent.after(collection, 1)).toBeUndefined()
  expect(recent.after(collection, 4)).toHaveLength(1)
  recent.put([placed(3)])
  expect(recent.after(collection, 2)).toHaveLength(1)
  recent.put([4, 5, 6].map((seq) => placed(seq, 1_000_000)))
  expect(recent.after(collection, 3)).toBeUndefined()
  expect(recent.after(collection, 5)).toHaveLength(1)
  isRead = false
  recent.put([placed(7)])
  expect(recent.after(collection, 6)).toBeUndefined()
})
