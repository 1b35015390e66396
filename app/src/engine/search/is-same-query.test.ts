import { expect, test } from 'vitest'
import { isSameQuery } from './is-same-query.ts'
import type { SearchQuery } from './search.ts'

const query: SearchQuery = {
  text: 'river',
  kind: 'track',
  filters: { isLossless: true, years: { from: 1970, to: 1979 }, durationMs: { from: 0, to: 179_999 } },
}

test('queries are the same when text, kind and every filter are equal', () => {
  expect(isSameQuery(query, structuredClone(query))).toBe(true)
})

test('a field without a value equals an absent field', () => {
  expect(
    isSameQuery({ text: 'river', filters: {} }, { text: 'river', kind: undefined, filters: { years: undefined } }),
  ).toBe(true)
})

test.each<[string, SearchQuery]>([
  ['text', { ...query, text: 'rivers' }],
  ['kind', { ...query, kind: undefined }],
  ['lossless', { ...query, filters: { ...query.filters, isLossless: undefined } }],
  ['first year', { ...query, filters: { ...query.filters, years: { from: 1971, to: 1979 } } }],
  ['last year', { ...query, filters: { ...query.filters, years: { from: 1970, to: 1980 } } }],
  ['length', { ...query, filters: { ...query.filters, durationMs: undefined } }],
])('queries that differ in %s are not the same', (_, other) => {
  expect(isSameQuery(query, other)).toBe(false)
})
