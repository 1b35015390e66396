import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedOf, catalog, largeCatalog } from './catalogs.testkit.ts'
import { plainSearch } from './plain-search.testkit.ts'
import { property } from './property.testkit.ts'
import { createSearchIndex } from './search-index.ts'

describe('a search index', () => {
  it('answers as the plain reference does', () => {
    property(fc.tuple(catalog, fc.array(askedOf, { minLength: 1, maxLength: 8 })), ([documents, requests]) => {
      const index = createSearchIndex(documents)
      for (const ask of requests) {
        const one = ask(documents)
        expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
      }
    }, 300)
  })

  it('answers so too where it leaves out what cannot be among the best', () => {
    property(fc.tuple(largeCatalog, fc.array(askedOf, { minLength: 4, maxLength: 10 })), ([documents, requests]) => {
      const index = createSearchIndex(documents)
      for (const ask of requests) {
        const one = { ...ask(documents), filters: undefined }
        expect(index.search(one), JSON.stringify(one)).toEqual(plainSearch(documents, one))
      }
    }, 60)
  })
})
