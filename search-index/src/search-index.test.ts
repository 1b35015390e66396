import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestMaker, catalog, crowdedCatalog } from './catalogs.testkit.ts'
import type { SearchDocument } from './document.ts'
import { plainSearch } from './plain-search.testkit.ts'
import { property } from './property.testkit.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'

describe('a search index', () => {
  it('gives the answers of the reference implementation', () => {
    property(
      fc.tuple(catalog, fc.array(requestMaker, { minLength: 1, maxLength: 8 })),
      ([documents, requests]) => {
        const index = createSearchIndex(documents)
        for (const makeRequest of requests) {
          const one = makeRequest(documents)
          expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
        }
      },
      300,
    )
  })

  it.each([
    ['a hundred documents', { minLength: 60, maxLength: 120 }, 60],
    ['a thousand documents', { minLength: 800, maxLength: 1_000 }, 5],
  ])('gives the same answers when it skips documents that cannot be among the best: %s', (_, size, runs) => {
    property(
      fc.tuple(crowdedCatalog(size), fc.array(requestMaker, { minLength: 6, maxLength: 12 })),
      ([documents, requests]) => {
        const indexes = [createSearchIndex(documents), grownIndex(documents)]
        for (const [number, makeRequest] of requests.entries()) {
          const index = indexes[number % 2]!
          const request = makeRequest(documents)
          const one = { text: number % 3 === 0 ? `qqqq ${request.text}` : request.text, limit: request.limit }
          expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
        }
      },
      runs,
    )
  })
})

/** An index of the same documents after changes: some were added later, some replaced, so that it has several segments and tombstones. */
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
