import type { SearchIndex } from '@tonestead/search-index/search-index'
import type { Clock } from '../ports/clock.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { documentOf } from './document-of.ts'
import { dayOf, hasOtherWeight } from './popularity.ts'
import { readItems } from './read-catalog.ts'

const everyMs = 180_000
const itemsAtOnce = 500

/** Weighs anew what was played, now and then; a play is no change of the catalog. */
export const createPlaysRefresh = (
  { source, clock }: { readonly source: SearchSource; readonly clock: Clock },
  builtAt: number,
) => {
  let refreshedAt = builtAt
  return {
    refresh: async (index: SearchIndex): Promise<void> => {
      const now = clock.now()
      if (now - refreshedAt < everyMs) return
      const keys = await source.playedSince(dayOf(refreshedAt))
      refreshedAt = now
      for (let start = 0; start < keys.length; start += itemsAtOnce) {
        const documents = (await readItems(source, keys.slice(start, start + itemsAtOnce), dayOf(now))).map((item) =>
          documentOf(item, 'listeners'),
        )
        const news = documents.filter(({ kind, id, popularity }) =>
          hasOtherWeight(index.document(kind, id)?.popularity ?? -1, popularity),
        )
        if (news.length > 0) index.apply(news.map((document) => ({ change: 'put', document })))
      }
    },
  }
}
