import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SearchQuestion } from '../../engine/search/search.ts'
import { addressOf, cleanText, isFiltered, lastYear, longestMs, mostCharacters, questionOf } from './search-address.ts'

const paramsOf = (address: string) => new URLSearchParams(address.split('?')[1] ?? '')

test('a search with its chips comes back from its address', () => {
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
  const question = fc.record<SearchQuestion>({
    text: fc
      .string({ unit: 'binary', minLength: 1 })
      .map(cleanText)
      .filter((text) => text !== ''),
    kind: fc.constantFrom(undefined, 'track', 'artist', 'release', 'playlist'),
    filters: fc.record<SearchQuestion['filters']>({
      years: fc.option(years, { nil: undefined }),
      durationMs: fc.option(durationMs, { nil: undefined }),
      isLossless: fc.constantFrom(undefined, true),
    }),
  })
  fc.assert(
    fc.property(question, (asked) => {
      expect(questionOf(paramsOf(addressOf(asked)))).toEqual(asked)
    }),
  )
})

test('any address is a question, and equal questions have one address', () => {
  fc.assert(
    fc.property(
      fc.record({
        q: fc.string({ unit: 'binary' }),
        kind: fc.string(),
        years: fc.string(),
        seconds: fc.string(),
        lossless: fc.string(),
      }),
      (given) => {
        const question = questionOf(new URLSearchParams(given))
        expect(questionOf(paramsOf(addressOf(question))).text).toBe(question.text)
      },
    ),
  )
})

test('a hostile text becomes one bounded line that every address can hold', () => {
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

test('nonsense in the address is left out', () => {
  expect(questionOf(new URLSearchParams('q=x&kind=robots&years=1980-1970&seconds=--&lossless=yes'))).toEqual({
    text: 'x',
    filters: {},
  })
  expect(questionOf(new URLSearchParams('years=-'))).toEqual({ text: '', filters: {} })
  expect(questionOf(new URLSearchParams('q=x&years=1990-'))).toEqual({
    text: 'x',
    filters: { years: { from: 1990, to: lastYear } },
  })
})

test('a kind is a filter too; blank text has none', () => {
  expect([isFiltered({ text: 'x', filters: {} }), isFiltered({ text: 'x', kind: 'track', filters: {} })]).toEqual([
    false,
    true,
  ])
  expect(addressOf({ text: '', kind: 'track', filters: { isLossless: true } })).toBe('/search')
})
