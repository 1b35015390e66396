import { expect, test } from 'vitest'
import type { SearchResult, SearchHit } from '../../engine/search/search.ts'
import { countHits, fewerWords, isAllCorrected, rememberedText, spokenResult } from './result-text.ts'

const hit = (given: Partial<SearchHit> = {}): SearchHit => ({
  kind: 'track',
  id: 'one',
  title: 'River Road',
  credits: [],
  release: undefined,
  year: undefined,
  durationMs: undefined,
  image: undefined,
  isLossless: false,
  match: 'exact',
  marks: { title: [[0, 5]], credit: [], release: [] },
  score: 1,
  ...given,
})
const none = { hits: [], hasMore: false }
const result = (given: Partial<SearchResult> = {}): SearchResult => ({
  top: undefined,
  groups: { track: none, release: none, artist: none, playlist: none },
  correction: undefined,
  from: 'server',
  ...given,
})
const queryFor = (text: string) => ({ text, filters: {} })
const tracks = (count: number, more: Partial<SearchHit> = {}, hasMore = false): SearchResult['groups'] => ({
  track: { hits: Array.from({ length: count }, (_, index) => hit({ id: `t${index}`, ...more })), hasMore },
  release: none,
  artist: { hits: [hit({ kind: 'artist', ...more })], hasMore: false },
  playlist: none,
})

test('the live region announces the number of results', () => {
  expect(spokenResult(queryFor('river'), result({ groups: tracks(11) }), true)).toBe('12 results for “river”.')
  expect(spokenResult(queryFor('river'), result({ groups: tracks(0) }), true)).toBe('1 result for “river”.')
  expect(spokenResult(queryFor('river'), result({ groups: tracks(10, {}, true) }), true)).toBe(
    'More than 11 results for “river”.',
  )
  expect(spokenResult({ ...queryFor('river'), kind: 'artist' }, result({ groups: tracks(10, {}, true) }), true)).toBe(
    '1 result for “river”.',
  )
  expect(spokenResult(queryFor('zzz'), result(), true)).toBe('No results for “zzz”.')
  expect(spokenResult(queryFor('river'), result({ groups: tracks(1), from: 'device' }), false)).toBe(
    '2 results for “river” on this device.',
  )
  expect(spokenResult(queryFor('river'), result({ groups: tracks(1), from: 'device' }), true)).toBe(
    '2 results for “river”.',
  )
  expect(
    spokenResult(queryFor('rievr'), result({ groups: tracks(1, { match: 'corrected' }), correction: 'river' }), true),
  ).toBe('2 results for “rievr”. Nothing matches this spelling; these are for “river”.')
})

test('a result is all corrected only when every hit matched a corrected word', () => {
  expect(isAllCorrected(result({ groups: tracks(2, { match: 'corrected' }), correction: 'river' }))).toBe(true)
  expect(isAllCorrected(result({ groups: tracks(2), correction: 'river' }))).toBe(false)
  expect(isAllCorrected(result({ correction: 'river' }))).toBe(false)
})

test('only hits of the chosen kind are counted', () => {
  expect(countHits(result({ groups: tracks(3, {}, true) }), undefined)).toEqual({ count: 4, isMore: true })
  expect(countHits(result({ groups: tracks(3, {}, true) }), 'release')).toEqual({ count: 0, isMore: false })
})

test('a complete text is remembered as typed, an incomplete one as the name of the hit', () => {
  expect(rememberedText('river road', hit())).toBe('river road')
  expect(rememberedText('rievr', hit({ match: 'corrected' }))).toBe('River Road')
  expect(
    rememberedText('anna lindq', hit({ match: 'prefix', marks: { title: [], credit: [[0, 4]], release: [] } })),
  ).toBe('anna lindq')
})

test('fewer words are offered for a text of several words', () => {
  expect([fewerWords('river'), fewerWords(' one  two '), fewerWords('one two three')]).toEqual([
    [],
    ['one', 'two'],
    ['one two', 'two three'],
  ])
})
