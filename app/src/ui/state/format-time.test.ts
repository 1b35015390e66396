import { expect, test } from 'vitest'
import { formatAgo, counted, formatBytes, formatClock, formatLength, spokenTime } from './format-time.ts'

test('a clock shows hours only from one hour on', () => {
  expect([0, 9_999, 243_000, 3_723_000].map(formatClock)).toEqual(['0:00', '0:09', '4:03', '1:02:03'])
})

test('a time for screen readers is what people say', () => {
  expect([1_000, 60_000, 72_000, 243_000, 3_660_000].map(spokenTime)).toEqual([
    '1 second',
    '1 minute',
    '1 minute 12',
    '4 minutes 3',
    '1 hour 1 minute',
  ])
})

test('the length of a release is rounded to minutes', () => {
  expect([20_000, 2_580_000, 7_500_000].map(formatLength)).toEqual(['20 s', '43 min', '2 h 5 min'])
})

test('counts and bytes have their unit', () => {
  expect(counted(1, 'track')).toBe('1 track')
  expect(counted(20_000, 'track')).toBe('20,000 tracks')
  expect([0, 999, 1_500, 3_200_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.5 kB', '3.2 GB'])
})

test.each([
  [30_000, 'just now'],
  [-3_600_000, 'just now'],
  [5 * 60_000, '5 minutes ago'],
  [3 * 3_600_000, '3 hours ago'],
  [25 * 3_600_000, 'yesterday'],
  [12 * 86_400_000, '12 days ago'],
  [60 * 86_400_000, 'on 3 January 2026'],
])('a time that is %i ms ago is shown as %s', (agoMs, text) => {
  const nowMs = new Date(2026, 2, 4, 12).getTime()
  expect(formatAgo(nowMs - agoMs, nowMs)).toBe(text)
})
