import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowRange } from './window-range.ts'

test('every visible row is drawn, and not many more', () => {
  fc.assert(
    fc.property(
      fc.nat(1_200_000),
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      (top, height, count) => {
        const { first, last } = windowRange({ top, height, rowHeight: 56, count }, 6)
        for (let row = Math.floor(top / 56); row * 56 < top + height && row < count; row += 1)
          expect(first <= row && row <= last).toBe(true)
        expect(last - first).toBeLessThanOrEqual(height / 56 + 15)
        expect(first >= 0 && last < count).toBe(true)
      },
    ),
  )
})

test('an empty list draws nothing', () => {
  expect(windowRange({ top: 0, height: 800, rowHeight: 56, count: 0 }, 6).last).toBe(-1)
})
