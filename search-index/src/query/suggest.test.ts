import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestMaker, catalog } from '../catalogs.testkit.ts'
import type { SearchDocument } from '../document.ts'
import { foldText } from '../text/fold.ts'
import { property } from '../property.testkit.ts'
import { createSearchIndex } from '../search-index.ts'

const shared = { isPublic: true, isLossless: false, isInLibrary: false }
const artist = (name: string): SearchDocument => ({
  ...shared,
  kind: 'artist',
  id: name,
  title: name,
  credits: [],
  popularity: 1_000,
})
const track = (title: string, name: string, popularity: number): SearchDocument => ({
  ...shared,
  kind: 'track',
  id: `${title} ${name}`,
  title,
  credits: [{ id: name, name, join: '' }],
  popularity,
})

const index = createSearchIndex([
  ...['Beyoncé', 'Daft Punk', 'ABBA', '椎名林檎'].map(artist),
  ...[
    track('Halo', 'Beyoncé', 900),
    track('Halo', 'Depeche Mode', 5),
    track('Dancing Queen', 'ABBA', 100),
    track('Around the World', 'Daft Punk', 20),
    track('T.N.T.', 'AC/DC', 9),
    track('Straße', 'X', 1),
  ],
])

/** Suggestions with a bar between what was typed and the rest. */
const suggested = (text: string) =>
  index.suggest({ text }).map(({ text: whole, typed }) => `${whole.slice(0, typed)}|${whole.slice(typed)}`)

describe('suggestions', () => {
  it.each([
    ['bey', ['Bey|oncé', 'Bey|oncé Halo']],
    ['beyonce h', ['Beyoncé H|alo']],
    ['halo b', ['Halo B|eyoncé']],
    ['daft', ['Daft| Punk', 'Daft| Punk Around the World']],
    ['daft ', ['Daft |Punk', 'Daft |Punk Around the World']],
    ['dancng', ['|Dancing Queen']],
    ['halo beyonxe', ['|Halo Beyoncé']],
    ['椎名', ['椎名|林檎']],
    ['tn', ['T.N|.T.']],
    ['stras', ['Straß|e']],
    ['abba', ['ABBA| Dancing Queen']],
    ['', []],
    ['"halo"', []],
    ['artist:abba d', []],
    ['zzzzzz', []],
  ])('[SS1] [SS2] [SS3] for %j are %j', (text, expected) => {
    expect(suggested(text)).toEqual(expected)
  })

  it('begin with the typed text up to `typed`, differ from one another, and find something', () => {
    property(
      fc.tuple(catalog, fc.array(requestMaker, { maxLength: 6 }), fc.integer({ min: 1, max: 5 })),
      ([documents, requests, limit]) => {
        const any = createSearchIndex(documents)
        for (const makeRequest of requests) {
          const { text, filters } = makeRequest(documents)
          const suggestions = any.suggest({ text, limit, filters })
          expect(suggestions.length).toBeLessThanOrEqual(limit)
          expect(new Set(suggestions.map((one) => foldText(one.text))).size).toBe(suggestions.length)
          for (const { text: whole, typed } of suggestions) {
            if (typed > 0) expect(foldText(whole.slice(0, typed)).startsWith(foldText(text))).toBe(true)
            const { groups } = any.search({ text: whole, filters })
            expect(
              Object.values(groups).some(({ hits }) => hits.length > 0),
              `${text} → ${whole}`,
            ).toBe(true)
          }
        }
      },
      200,
    )
  })
})
