import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexOfDrop, noSelection, selectEntry, withoutGone, type Selection } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const select = (steps: readonly (readonly [string, 'only' | 'toggle' | 'range'])[]): Selection =>
  steps.reduce((selection, [id, how]) => selectEntry(selection, order, { id, how }), noSelection)
const idsOf = (selection: Selection): string => [...selection.ids].toSorted().join('')

describe('selection', () => {
  test('one entry alone, more with the toggle, ranges from the anchor in both directions', () => {
    expect(idsOf(select([['b', 'only']]))).toBe('b')
    expect(
      idsOf(
        select([
          ['b', 'only'],
          ['d', 'toggle'],
          ['b', 'toggle'],
        ]),
      ),
    ).toBe('d')
    expect(
      idsOf(
        select([
          ['c', 'only'],
          ['e', 'range'],
        ]),
      ),
    ).toBe('cde')
    expect(
      idsOf(
        select([
          ['c', 'only'],
          ['e', 'range'],
          ['a', 'range'],
        ]),
      ),
    ).toBe('abc')
    expect(idsOf(select([['c', 'range']]))).toBe('c')
  })
  test('entries that are gone are not selected any more', () => {
    const selection = select([
      ['a', 'only'],
      ['c', 'range'],
    ])
    expect(withoutGone(selection, order)).toBe(selection)
    expect(idsOf(withoutGone(selection, ['a', 'e']))).toBe('a')
  })
})

test('dropped entries go before the row of the drop, whichever are moved', () => {
  fc.assert(
    fc.property(fc.subarray(order, { minLength: 1 }), fc.nat(5), (chosen, dropRow) => {
      const moved = new Set(chosen)
      const rest = order.filter((id) => !moved.has(id))
      const after = rest.toSpliced(indexOfDrop(order, moved, dropRow), 0, ...chosen)
      const before = order.slice(0, dropRow).filter((id) => !moved.has(id))
      expect(after.slice(0, before.length)).toEqual(before)
      expect(after.slice(before.length, before.length + chosen.length)).toEqual(chosen)
    }),
  )
})
