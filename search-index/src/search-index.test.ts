import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedOf, catalog, crowdedCatalog } from './catalogs.testkit.ts'
import type { SearchDocument } from './document.ts'
import { plainSearch } from './plain-search.testkit.ts'
import { property } from './property.testkit.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'

describe('a search index', () => {
  it('answers as the plain reference does', () => {
    property(
      fc.tuple(catalog, fc.array(askedOf, { minLength: 1, maxLength: 8 })),
      ([documents, requests]) => {
        const index = createSearchIndex(documents)
        for (const ask of requests) {
          const one = ask(documents)
          expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
        }
      },
      300,
    )
  })

  it.each([
    ['of a hundred documents', { minLength: 60, maxLength: 120 }, 60],
    ['of a thousand', { minLength: 800, maxLength: 1_000 }, 5],
  ])('answers so too where it leaves out what cannot be among the best: %s', (_, size, runs) => {
    property(
      fc.tuple(crowdedCatalog(size), fc.array(askedOf, { minLength: 6, maxLength: 12 })),
      ([documents, requests]) => {
        const indexes = [createSearchIndex(documents), grownIndex(documents)]
        for (const [number, ask] of requests.entries()) {
          const index = indexes[number % 2]!
          const asked = ask(documents)
          const one = { text: number % 3 === 0 ? `qqqq ${asked.text}` : asked.text, limit: asked.limit }
          expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
        }
      },
      runs,
    )
  })
})

/** The same documents, but some came later and some were others before: in several segments, with gaps. */
function grownIndex(documents: readonly SearchDocument[]): SearchIndex {
  const [second, third] = [Math.floor(documents.length / 2), Math.floor(documents.length * 0.9)]
  const others = documents
    .slice(0, third)
    .map((document, index) => (index % 7 === 0 ? { ...document, title: 'abcd abce', popularity: 2 ** 50 } : document))
  const index = createSearchIndex(others.slice(0, second))
  index.apply(others.slice(second).map((document) => ({ change: 'put', document })))
  index.apply(
    documents
      .filter((document, place) => place >= third || document !== others[place])
      .map((document) => ({ change: 'put', document })),
  )
  return index
}
