import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mark, SearchAnswer } from './answer.ts'
import { catalog } from './catalogs.testkit.ts'
import { creditText } from './text/document-words.ts'
import { documentKinds, type SearchDocument } from './document.ts'
import { hostileText, property } from './property.testkit.ts'
import { createSearchIndex } from './search-index.ts'

const hostileDocument: fc.Arbitrary<SearchDocument> = fc.record({
  kind: fc.constantFrom(...documentKinds),
  id: hostileText.map((text) => text.slice(0, 20)),
  title: hostileText,
  credits: fc.array(fc.record({ id: hostileText, name: hostileText, join: hostileText }), { maxLength: 2 }),
  release: fc.option(fc.record({ id: hostileText, title: hostileText }), { nil: undefined }),
  aliases: fc.array(hostileText, { maxLength: 10 }),
  year: fc.option(fc.constantFrom(-1, 0, 1e9, 1970.5), { nil: undefined }),
  popularity: fc.constantFrom(0, 0.5, 1e15, Number.MAX_VALUE),
  isPublic: fc.boolean(),
  isLossless: fc.boolean(),
  isInLibrary: fc.boolean(),
})
const hostileCatalog = fc.uniqueArray(hostileDocument, { maxLength: 5, selector: ({ kind, id }) => `${kind} ${id}` })

const fixed = [
  ...[
    '',
    ' ',
    '\0',
    '"',
    '""',
    '" "',
    ':',
    'artist:',
    'year:',
    '*',
    '.*',
    '(',
    '[',
    '\\',
    '%',
    '_',
    "'; DROP TABLE tracks; --",
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '${x}',
  ],
  ...[
    'a'.repeat(10_000),
    'ab '.repeat(3_400),
    '!'.repeat(10_000),
    '🔥'.repeat(5_000),
    '椎名'.repeat(5_000),
    '\u202e'.repeat(10_000),
    `a${'\u0301'.repeat(9_999)}`,
    '\ud800'.repeat(10_000),
  ],
  ...[
    'artist:x '.repeat(100),
    'year:1970-1980 '.repeat(100),
    'artist:"'.repeat(100),
    '"a" '.repeat(100),
    'a&'.repeat(5_000),
    'a.'.repeat(5_000),
    "a'".repeat(5_000),
    'aaaaaaaaaaaaab'.repeat(700),
  ],
  ...[
    'مرحبا بالعالم',
    '\u05e9\u05dc\u05d5\u05dd \u202bעולם\u202c',
    'constructor',
    '__proto__',
    'hasOwnProperty toString',
    'NaN undefined null',
  ],
]

describe('hostile text', () => {
  it('as a query gets a well-formed answer', () => {
    property(
      fc.tuple(
        catalog,
        fc.array(fc.oneof(hostileText, fc.constantFrom(...fixed)), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
      ),
      ([documents, texts, limit]) => {
        const index = createSearchIndex(documents)
        for (const text of texts) {
          checkAnswer(index.search({ text, limit }), limit)
          checkSuggestions(index.suggest({ text, limit }), limit)
          checkAnswer(index.search({ text: '', limit, filters: { artist: text, release: text } }), limit)
        }
      },
      150,
    )
  })

  it('in documents is indexed, found, updated and written to a snapshot', () => {
    property(
      fc.tuple(hostileCatalog, hostileCatalog),
      ([documents, later]) => {
        const index = createSearchIndex(documents)
        index.apply(later.map((document) => ({ change: 'put', document })))
        for (const { title, kind, id } of [...documents, ...later]) {
          expect(index.document(kind, id)).toBeDefined()
          checkAnswer(index.search({ text: title, limit: 3 }), 3)
          checkSuggestions(index.suggest({ text: title }), 5)
        }
        expect(index.snapshot(0).length).toBeGreaterThan(0)
      },
      40,
    )
  })

  it.each(fixed.map((text) => [text.slice(0, 20), text]))('%j is answered', (_, text) => {
    const index = createSearchIndex([
      {
        kind: 'track',
        id: '1',
        title: text,
        credits: [],
        popularity: 0,
        isPublic: true,
        isLossless: false,
        isInLibrary: false,
      },
    ])
    checkAnswer(index.search({ text }), 10)
  })

  it('in a request does not lead past the limits, nor do hostile numbers', () => {
    const index = createSearchIndex([
      {
        kind: 'track',
        id: '1',
        title: 'a',
        credits: [],
        popularity: 0,
        isPublic: true,
        isLossless: false,
        isInLibrary: false,
      },
    ])
    for (const bad of [-1, 0, 0.5, 1e9, NaN, Infinity, -Infinity]) {
      checkAnswer(index.search({ text: 'a', limit: bad }), 200)
      checkAnswer(index.search({ text: 'a', offset: bad }), 10)
      checkSuggestions(index.suggest({ text: 'a', limit: bad }), 20)
    }
  })
})

function checkAnswer({ top, groups }: SearchAnswer, limit: number): void {
  for (const kind of documentKinds) {
    const { hits } = groups[kind]
    expect(hits.length).toBeLessThanOrEqual(limit)
    expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
    hits.forEach((hit, index) => {
      expect(hit.kind).toBe(kind)
      expect(Number.isFinite(hit.score)).toBe(true)
      if (index > 0) expect(hit.score).toBeLessThanOrEqual(hits[index - 1]!.score)
      checkMarks(hit.title, hit.marks.title)
      checkMarks(creditText(hit.credits), hit.marks.credit)
      checkMarks(hit.release?.title ?? '', hit.marks.release)
    })
  }
  if (top !== undefined) expect(groups[top.kind].hits[0]).toEqual(top)
}

function checkMarks(text: string, marks: readonly Mark[]): void {
  let last = -1
  for (const [start, end] of marks) {
    expect(start).toBeGreaterThan(last)
    expect(end).toBeGreaterThan(start)
    expect(end).toBeLessThanOrEqual(text.length)
    for (const at of [start, end])
      expect(/[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))).toBe(false)
    last = end
  }
}

function checkSuggestions(
  suggestions: readonly { readonly text: string; readonly typed: number }[],
  limit: number,
): void {
  expect(suggestions.length).toBeLessThanOrEqual(limit)
  expect(new Set(suggestions.map(({ text }) => text)).size).toBe(suggestions.length)
  for (const { text, typed } of suggestions) {
    expect(typed).toBeGreaterThanOrEqual(0)
    expect(typed).toBeLessThanOrEqual(text.length)
  }
}
