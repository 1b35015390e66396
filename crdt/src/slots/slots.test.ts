import { expect, test } from 'vitest'
import { initialValue } from '../documents/constant-changes.ts'
import { parseEntryId, parseIntentId } from '../ids.ts'
import { entryId, intentId } from '../testkit/sample-values.testkit.ts'
import { longestKept } from './longest-kept.ts'
import { runsIn } from './place.ts'
import { entryIdOf, entryOfSlot, folderOfSlot, intentOfSlot, isPartOf, partIdOf, slotOf } from './slot-ids.ts'
import { deadSlots, shown } from './slot-list.ts'

test('[OR1] a slot names its entry, its intent and, in the root, its folder', () => {
  const slot = slotOf(entryId('e'), intentId(5), `:${entryId('f')}`)
  expect([entryOfSlot(slot), intentOfSlot(slot), folderOfSlot(slot)]).toEqual([entryId('e'), intentId(5), entryId('f')])
  expect(folderOfSlot(slotOf(entryId('e'), intentId(5), ':'))).toBe('')
})
test('[OR2] derived ids are canonical catalog ids, and differ for each index and intent', () => {
  const intent = parseIntentId('q7'.repeat(13))
  const ids = [0, 1, 31, 32, 33, 1_023, 1_024, 2 ** 25 - 1].map((index) => entryIdOf(intent, index))
  expect(new Set([...ids, entryIdOf(intentId(2 ** 34), 0)]).size).toBe(ids.length + 1)
  for (const id of ids) {
    expect(parseEntryId(id)).toBe(id)
    // 26 characters hold 130 bits: the last two must be zero.
    expect(id.at(-1)).toBe('a')
  }
  expect(isPartOf(partIdOf(intent, 3), intent)).toBe(true)
  expect(isPartOf(partIdOf(intent, 3), partIdOf(intent, 0))).toBe(true)
  expect(isPartOf(partIdOf(intentId(2 ** 34), 3), intent)).toBe(false)
})
test('[OR3] a slot that no record names shows nothing, a record without its slot is not shown, and a doubled slot shows once', () => {
  const [a, b, c] = ['b', 'c', 'd'].map((name) => slotOf(entryId(name), intentId(1))) as [string, string, string]
  const document = {
    ...initialValue('playlist'),
    seq: [a, b, slotOf(entryId('b'), intentId(2)), b, c],
    entries: {
      [entryId('b')]: { at: slotOf(entryId('b'), intentId(2)), item: '' },
      [entryId('c')]: { at: b, item: '' },
      [entryId('e')]: { at: slotOf(entryId('e'), intentId(1)), item: '' },
    },
  }
  expect(shown(document).map(({ id }) => id)).toEqual([entryId('c'), entryId('b')])
  expect(deadSlots(document)).toEqual([a, c])
})
test('[UN1] runs bring ids to where they are: neighbours make one run', () => {
  const order = ['a', 'b', 'c', 'd', 'e', 'f']
  expect(runsIn(order, new Set(['a', 'c', 'd', 'f', 'x']))).toEqual([
    { ids: ['a'], place: { kind: 'start' } },
    { ids: ['c', 'd'], place: { kind: 'after', entry: 'b' } },
    { ids: ['f'], place: { kind: 'after', entry: 'e' } },
  ])
})
test('[QD2] the longest list that keeps its order is kept', () => {
  expect(longestKept([...'abcdefg'], [...'gabdcef'])).toHaveLength(5)
  expect(longestKept([...'abc'], [...'cba'])).toHaveLength(1)
  expect(longestKept([...'abcd'], [...'xaybzcd'])).toEqual(new Set('abcd'))
  expect(longestKept([], [...'ab'])).toEqual(new Set())
})
