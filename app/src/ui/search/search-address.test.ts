import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SearchQuery } from '../../engine/search/search.ts'
import {
  searchHref,
  cleanText,
  isFiltered,
  lastYear,
  longestMs,
  mostCharacters,
  parseSearchParams,
} from './search-address.ts'

const paramsOf = (address: string) => new URLSearchParams(address.split('?')[1] ?? '')

test('a query with its filters is the same after a trip through its address', () => {
  const range = (most: number) =>
    fc.tuple(fc.nat(most), fc.nat(most)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
  const years = fc.oneof(
    range(lastYear),
    range(lastYear).map(({ from }) => ({ from, to: lastYear })),
  )
  const durationMs = range(9_000).map(({ from, to }) => ({
    from: from * 1000,
    to: to === 9_000 ? longestMs : to * 1000 + 999,
  }))
  const query = fc.record<SearchQuery>({
    text: fc
      .string({ unit: 'binary', minLength: 1 })
      .map(cleanText)
      .filter((text) => text !== ''),
    kind: fc.constantFrom(undefined, 'track', 'artist', 'release', 'playlist'),
    filters: fc.record<SearchQuery['filters']>({
      years: fc.option(years, { nil: undefined }),
      durationMs: fc.option(durationMs, { nil: undefined }),
      isLossless: fc.constantFrom(undefined, true),
    }),
  })
  const inLibrary = query.map(({ filters, ...rest }): SearchQuery => ({
    ...rest,
    filters: { ...filters, isLossless: undefined, isInLibrary: true },
  }))
  fc.assert(
    fc.property(fc.oneof(query, inLibrary), (given) => {
      expect(parseSearchParams(paramsOf(searchHref(given)))).toEqual(given)
    }),
  )
})

test('any address is parsed as a query, whose text is the same after a trip through its address', () => {
  fc.assert(
    fc.property(
      fc.record({
        q: fc.string({ unit: 'binary' }),
        kind: fc.string(),
        years: fc.string(),
        seconds: fc.string(),
        lossless: fc.string(),
        library: fc.string(),
      }),
      (given) => {
        const query = parseSearchParams(new URLSearchParams(given))
        expect(parseSearchParams(paramsOf(searchHref(query))).text).toBe(query.text)
      },
    ),
  )
})

test('any text becomes one line of limited length without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (typed) => {
      const text = cleanText(typed)
      expect(text.length).toBeLessThanOrEqual(mostCharacters)
      expect(text.isWellFormed()).toBe(true)
      expect(text).not.toMatch(/\p{Cc}/u)
      expect(cleanText(text)).toBe(text)
    }),
  )
  expect(cleanText('😀'.repeat(200))).toBe('😀'.repeat(100))
  expect(cleanText(`${'a'.repeat(199)}😀`)).toBe('a'.repeat(199))
  expect(cleanText('one\u0000two\nthree')).toBe('one two three')
})

test('invalid parameters of the address are ignored', () => {
  expect(parseSearchParams(new URLSearchParams('q=x&kind=robots&years=1980-1970&seconds=--&lossless=yes'))).toEqual({
    text: 'x',
    filters: {},
  })
  expect(parseSearchParams(new URLSearchParams('years=-'))).toEqual({ text: '', filters: {} })
  expect(parseSearchParams(new URLSearchParams('q=x&years=1990-'))).toEqual({
    text: 'x',
    filters: { years: { from: 1990, to: lastYear } },
  })
})

test('a kind counts as a filter; an address without text has no filters', () => {
  expect([isFiltered({ text: 'x', filters: {} }), isFiltered({ text: 'x', kind: 'track', filters: {} })]).toEqual([
    false,
    true,
  ])
  expect(searchHref({ text: '', kind: 'track', filters: { isLossless: true } })).toBe('/search')
})
