import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestMaker, catalog, changes } from './catalogs.testkit.ts'
import { documentKinds, type DocumentChange, type SearchDocument } from './document.ts'
import { property } from './property.testkit.ts'
import type { SearchRequest } from './request.ts'
import { createSearchIndex, openSearchIndex, type SearchIndex } from './search-index.ts'

const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind} ${id}`
const inOrder = (documents: Iterable<SearchDocument>) =>
  [...documents].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))

/** Everything that an index gives, except `pendingCount`. */
function answersOf(index: SearchIndex, requests: readonly SearchRequest[]): unknown {
  return {
    answers: requests.map((one) => index.search(one)),
    suggestions: requests.map(({ text, filters }) => index.suggest({ text, filters })),
    counts: documentKinds.map((kind) => index.count(kind)),
    documents: inOrder(index.documents()),
  }
}

function afterChanges(documents: readonly SearchDocument[], all: readonly DocumentChange[]): readonly SearchDocument[] {
  const kept = new Map(documents.map((document) => [keyOf(document), document]))
  for (const change of all) {
    if (change.change === 'put') kept.set(keyOf(change.document), change.document)
    else kept.delete(keyOf(change))
  }
  return [...kept.values()]
}

/** Batches of changes; `true`: the index is then reopened from a snapshot. */
const history = fc.array(fc.tuple(changes, fc.boolean()), { maxLength: 4 })
const requests = fc.array(requestMaker, { minLength: 1, maxLength: 4 })

describe('changes to an index', () => {
  it('give the index that is built from the resulting documents, for any order and any batches', () => {
    property(
      fc.tuple(catalog, history, requests),
      ([documents, batches, requestMakers]) => {
        let index = createSearchIndex(documents)
        for (const [batch, isReopened] of batches) {
          index.apply(batch)
          if (isReopened) index = reopened(index)
        }
        const final = afterChanges(
          documents,
          batches.flatMap(([batch]) => batch),
        )
        const requests = requestMakers.map((makeRequest) => makeRequest(final))
        expect(answersOf(index, requests)).toEqual(answersOf(createSearchIndex(final), requests))
        for (const document of final) expect(index.document(document.kind, document.id)).toEqual(document)
        expect(inOrder(index.documents())).toEqual(inOrder(final))
        expect(index.document('track', 'never there')).toBeUndefined()
      },
      150,
    )
  })

  it('give the same index for any order of the documents', () => {
    property(
      fc.tuple(catalog, requests),
      ([documents, requestMakers]) => {
        const requests = requestMakers.map((makeRequest) => makeRequest(documents))
        expect(answersOf(createSearchIndex(documents.toReversed()), requests)).toEqual(
          answersOf(createSearchIndex(documents), requests),
        )
      },
      150,
    )
  })

  it('count as pending until the index is built again', () => {
    const document: SearchDocument = {
      kind: 'track',
      id: '1',
      title: 'One',
      credits: [],
      popularity: 1,
      isPublic: true,
      isLossless: false,
      isInLibrary: false,
    }
    const index = createSearchIndex([document])
    expect(index.pendingCount()).toBe(0)
    index.apply([
      { change: 'put', document: { ...document, title: 'Two' } },
      { change: 'put', document: { ...document, id: '2' } },
    ])
    expect(index.pendingCount()).toBeGreaterThan(0)
    expect(createSearchIndex(index.documents()).pendingCount()).toBe(0)
  })
})

function reopened(index: SearchIndex): SearchIndex {
  const opened = openSearchIndex(index.snapshot(7))
  if (opened.kind === 'refused') throw new Error(`Refused: ${opened.reason}`)
  expect(opened.sequence).toBe(7)
  return opened.index
}
