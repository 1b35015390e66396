import { expect, test } from 'vitest'
import { dayOf } from './day-of.ts'

test('days have the names that people use, also over the end of a month', () => {
  const now = new Date(2026, 2, 1, 0, 30).getTime()
  const at = (...parts: [number, number, number, number]) => dayOf(new Date(...parts).getTime(), now)
  expect([at(2026, 2, 1, 0), at(2026, 1, 28, 23), at(2026, 1, 27, 12), at(2025, 2, 1, 0)]).toEqual([
    'Today',
    'Yesterday',
    'Friday, 27 February 2026',
    'Saturday, 1 March 2025',
  ])
})
