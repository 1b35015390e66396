import { expect, test } from 'vitest'
import { chosenName, lengthChoices, rangeNamed, yearChoices } from './range-choices.ts'
import { searchHref, lastYear, parseSearchParams } from './search-address.ts'

test('the year choices are decades, the current one first', () => {
  const names = yearChoices(2026, undefined).map(({ name }) => name)
  expect([names[0], names.at(-2), names.at(-1), names.length]).toEqual(['2020s', '1950s', 'Before 1950', 9])
  expect(rangeNamed(yearChoices(2026, undefined), '1970s')).toEqual({ from: 1970, to: 1979 })
  expect(rangeNamed(yearChoices(2026, undefined), '')).toBeUndefined()
})

test('a range from an address becomes a choice', () => {
  const first = (from: number, to: number) => yearChoices(2026, { from, to })[0]?.name
  expect([first(1971, 1974), first(1975, 1975), first(1990, lastYear), first(0, 1965), first(1970, 1979)]).toEqual([
    '1971 to 1974',
    '1975',
    'Since 1990',
    'Until 1965',
    '2020s',
  ])
  expect(lengthChoices({ from: 90_000, to: 125_999 })[0]?.name).toBe('1:30 to 2:05')
})

test('every choice is the same after a trip through the address', () => {
  for (const { name, range } of lengthChoices(undefined)) {
    const { filters } = parseSearchParams(
      new URLSearchParams(searchHref({ text: 'x', filters: { durationMs: range } }).split('?')[1]),
    )
    expect(chosenName(lengthChoices(filters.durationMs), filters.durationMs)).toBe(name)
  }
  for (const { name, range } of yearChoices(2026, undefined)) {
    const { filters } = parseSearchParams(
      new URLSearchParams(searchHref({ text: 'x', filters: { years: range } }).split('?')[1]),
    )
    expect(chosenName(yearChoices(2026, filters.years), filters.years)).toBe(name)
  }
})
