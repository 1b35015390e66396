import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridMove } from './grid-move.ts'

const size = { rows: 20_000, stops: 4, page: 12 }

test('keys move the focus as in an ARIA grid', () => {
  expect(gridMove('ArrowDown', { row: 3, stop: 1 }, size)).toEqual({ row: 4, stop: 1 })
  expect(gridMove('PageDown', { row: 19_995, stop: 0 }, size)).toEqual({ row: 19_999, stop: 0 })
  expect(gridMove('End', { row: 3, stop: 2 }, size)).toEqual({ row: 19_999, stop: 0 })
  expect(gridMove('ArrowRight', { row: 3, stop: 3 }, size)).toEqual({ row: 3, stop: 3 })
  expect(gridMove('k', { row: 3, stop: 0 }, size)).toBeUndefined()
  expect(gridMove('Home', { row: 0, stop: 0 }, { ...size, rows: 0 })).toBeUndefined()
})

test('no key leaves the grid', () => {
  const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'ArrowLeft', 'ArrowRight')
  fc.assert(
    fc.property(
      keys,
      fc.record({ row: fc.nat(199), stop: fc.nat(3), rows: fc.integer({ min: 1, max: 200 }) }),
      (key, { row, stop, rows }) => {
        const place = gridMove(key, { row: Math.min(row, rows - 1), stop }, { ...size, rows })
        expect(place && place.row >= 0 && place.row < rows && place.stop >= 0 && place.stop < 4).toBe(true)
      },
    ),
  )
})
