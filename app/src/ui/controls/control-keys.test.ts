import { expect, test } from 'vitest'
import { nextMenuItem } from './menu.tsx'
import { rangeTarget } from './range.tsx'

const labels = ['Play next', 'Add to queue', 'Go to release', 'Go to artist', 'Copy link']

test('menu keys wrap around, go to the ends, and to the next item that starts with a letter', () => {
  expect(nextMenuItem({ key: 'ArrowDown', at: 4, labels })).toBe(0)
  expect(nextMenuItem({ key: 'ArrowUp', at: 0, labels })).toBe(4)
  expect([nextMenuItem({ key: 'Home', at: 3, labels }), nextMenuItem({ key: 'End', at: 0, labels })]).toEqual([0, 4])
  expect([
    nextMenuItem({ key: 'g', at: 0, labels }),
    nextMenuItem({ key: 'g', at: 2, labels }),
    nextMenuItem({ key: 'G', at: 3, labels }),
  ]).toEqual([2, 3, 2])
  expect([nextMenuItem({ key: ' ', at: 0, labels }), nextMenuItem({ key: 'F5', at: 0, labels })]).toEqual([
    undefined,
    undefined,
  ])
})

test('a slider moves by its own steps and stays in its range', () => {
  const at = (key: string, value: number) =>
    rangeTarget({ key, value, max: 243_000, steps: { arrow: 5_000, page: 30_000 } })
  expect([
    at('ArrowRight', 0),
    at('ArrowLeft', 2_000),
    at('PageUp', 230_000),
    at('PageDown', 40_000),
    at('Home', 9),
    at('End', 9),
  ]).toEqual([5_000, 0, 243_000, 10_000, 0, 243_000])
  expect(at('k', 0)).toBeUndefined()
})
