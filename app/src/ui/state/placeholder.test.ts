import { expect, test } from 'vitest'
import { placeholderOf } from './placeholder.ts'

test('a placeholder has the initials of the first two words, in any script', () => {
  expect(
    ['Blue in Green', '…and justice', 'Ágætis byrjun', '東京', '—'].map((title) => placeholderOf(title).initials),
  ).toEqual(['BI', 'AJ', 'ÁB', '東', '♪'])
})

test('equal titles have equal colours and most others differ', () => {
  const hues = ['A', 'B', 'C', 'D', 'E'].map((title) => placeholderOf(title).hue)
  expect(placeholderOf('A').hue).toBe(hues[0])
  expect(new Set(hues).size).toBeGreaterThan(3)
})
