import type { SearchIndex } from '@tonestead/search-index/search-index'
import type { Clock } from '../ports/clock.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { dayOf, isOtherPopularity } from './popularity.ts'
import { readItems } from './read-catalog.ts'
import { toSearchDocument } from './to-search-document.ts'

const refreshEveryMs = 180_000
const itemsAtOnce = 500

/** Updates the popularity of what was played, every few minutes. A play is no change of the catalog, so the change feed does not report it. */
export const createPlaysRefresh = (
  { source, clock }: { readonly source: SearchSource; readonly clock: Clock },
  builtAt: number,
) => {
  let refreshedAt = builtAt
  return {
    refresh: async (index: SearchIndex): Promise<void> => {
      const now = clock.now()
      if (now - refreshedAt < refreshEveryMs) return
      const keys = await source.playedSince(dayOf(refreshedAt))
      refreshedAt = now
      for (let start = 0; start < keys.length; start += itemsAtOnce) {
        const items = await readItems(source, keys.slice(start, start + itemsAtOnce), dayOf(now))
        const changed = items
          .map((item) => toSearchDocument(item, 'listeners'))
          .filter(({ kind, id, popularity }) =>
            isOtherPopularity(index.document(kind, id)?.popularity ?? -1, popularity),
          )
        if (changed.length > 0) index.apply(changed.map((document) => ({ change: 'put', document })))
      }
    },
  }
}
