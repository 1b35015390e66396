import { describe, expect, it } from 'vitest'
import { foldText } from '../text/fold.ts'
import { joinFilters, parseQuery } from './parse-query.ts'
import { hostileText, property } from '../property.testkit.ts'
import { maxCharacters, maxWords } from '../request.ts'

const words = (text: string) => parseQuery(text).words.map(({ word }) => word)

describe('[SQ1] parseQuery', () => {
  it('gives the words with their places in the typed text', () => {
    expect(parseQuery('Simon & "Old Friends" artist:x live').words).toEqual([
      { word: 'simon', start: 0, end: 5 },
      { word: 'and', start: 6, end: 7 },
      { word: 'old', start: 9, end: 12 },
      { word: 'friends', start: 13, end: 20 },
      { word: 'live', start: 31, end: 35 },
    ])
  })

  it('takes text between quotes as a phrase if the quotes are at the edges of words', () => {
    expect(parseQuery('"hello world" foo').phrases).toEqual([['hello', 'world']])
    expect(parseQuery('“hello” foo „bar baz“').phrases).toEqual([['hello'], ['bar', 'baz']])
    expect(parseQuery('7" and 12" mix').phrases).toEqual([])
    expect(parseQuery('"not closed').phrases).toEqual([])
    expect(parseQuery('"" x').phrases).toEqual([])
    expect(words('"not closed')).toEqual(['not', 'closed'])
  })

  it.each([
    ['artist:queen x', { artist: 'queen' }],
    ['ARTIST:"daft punk"', { artist: 'daft punk' }],
    ['artist:"daft pu', { artist: 'daft pu' }],
    ['artist:daft artist:punk', { artist: 'daft punk' }],
    ['album:discovery', { release: 'discovery' }],
    ['release:“random access”', { release: 'random access' }],
    ['year:1975', { years: { from: 1975, to: 1975 } }],
    ['year:1970-1979', { years: { from: 1970, to: 1979 } }],
    ['year:1970–1979 year:1975-1990', { years: { from: 1975, to: 1979 } }],
    ['is:lossless in:library', { isLossless: true, isInLibrary: true }],
  ])('understands %s', (text, filters) => {
    expect(parseQuery(text).filters).toMatchObject(filters)
    expect(words(text).filter((word) => word !== 'x')).toEqual([])
  })

  it.each([
    'year:',
    'year:soon',
    'year:75',
    'year:1979-1970',
    'year:1970-',
    'artist:',
    'artist:""',
    'is:good',
    'in:there',
    'genre:rock',
    'xartist:y',
    'http://a',
    '5:15',
  ])('takes %s for words', (text) => {
    expect(parseQuery(text).filters).toEqual({})
    expect(words(text)).toEqual(foldText(text).split(' '))
  })

  it('says whether the last word may be a prefix', () => {
    for (const text of ['a', 'hello wor', 't.n.', "don'", '"not clo', 'artist:x foo', '名'])
      expect(parseQuery(text).isLastPrefix, text).toBe(true)
    for (const text of ['', ' ', 'a ', 'a\u3000', '"a b"', 'foo artist:x', 'artist:x', 'simon & ', 'a "'])
      expect(parseQuery(text).isLastPrefix, text).toBe(false)
  })

  it('cuts long texts', () => {
    expect(parseQuery('ab '.repeat(5_000)).words).toHaveLength(maxWords)
    expect(parseQuery('ab '.repeat(5_000)).isLastPrefix).toBe(false)
    expect(words('a'.repeat(10_000))).toEqual(['a'.repeat(maxCharacters)])
  })

  it('keeps two filters that contradict each other', () => {
    expect(parseQuery('year:1970 year:1980').filters.years).toEqual({ from: 1980, to: 1970 })
  })

  it('keeps a filter when a second one has no value', () => {
    expect(
      joinFilters({ isLossless: true, artist: 'a' }, { isLossless: undefined, artist: undefined, isPublic: true }),
    ).toMatchObject({ isLossless: true, artist: 'a', isPublic: true })
  })

  it('never throws, and stays within its limits', () => {
    property(hostileText, (text) => {
      const parsed = parseQuery(text)
      expect(parsed.words.length).toBeLessThanOrEqual(maxWords)
      for (const word of parsed.words) expect(word.end).toBeLessThanOrEqual(Math.min(text.length, maxCharacters))
      const all = new Set(parsed.words.map(({ word }) => word))
      for (const phrase of parsed.phrases) {
        expect(phrase.length).toBeGreaterThan(0)
        for (const word of phrase) expect(all.has(word)).toBe(true)
      }
      if (parsed.words.length === 0) expect(parsed.isLastPrefix).toBe(false)
    })
  })
})
