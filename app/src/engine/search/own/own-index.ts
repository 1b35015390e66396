import { searchDocumentSchema } from '@tonestead/protocol/search'
import type { SearchDocument } from '@tonestead/search-index/document'
import type { SearchIndex } from '@tonestead/search-index/search-index'
import { z } from 'zod'
import type { SearchCall } from '../../../ports/search-worker.ts'

type OwnCall = Extract<SearchCall, { readonly kind: 'fill-own' | 'search-own' | 'suggest-own' }>
type CatalogCall = Exclude<SearchCall, OwnCall>

// A thing of another server has a longer id than those of a catalog.
const documentsSchema = z.array(searchDocumentSchema.extend({ id: z.string().max(128) }))

/** [OS1] Answers the calls for what is the account's own, from an index in memory; the other calls go on to `handleCatalog`. */
export const withOwnIndex = (
  create: (documents: Iterable<SearchDocument>) => SearchIndex,
  handleCatalog: (call: CatalogCall) => Promise<unknown>,
): ((call: SearchCall) => Promise<unknown>) => {
  let index: SearchIndex | undefined
  let parts: SearchDocument[][] = []
  return async (call) => {
    switch (call.kind) {
      case 'fill-own':
        if (call.isFirst) parts = []
        parts.push(documentsSchema.parse(call.documents))
        if (call.isLast) index = create(parts.flat())
        return undefined
      case 'search-own':
        return index?.search(call.query)
      case 'suggest-own':
        return index?.suggest(call)
      default:
        return handleCatalog(call)
    }
  }
}
