import type { SearchHit } from '@tonestead/search-index/answer'
import { documentKinds } from '@tonestead/search-index/document'
import { groupsOf } from '../merge-results.ts'
import type { SearchResult } from '../search.ts'

/** [OS4] The result of the catalog with the account's own hits: each document once, best score first. `from` stays that of the catalog. */
export const mergeOwn = (catalog: SearchResult, own: SearchResult): SearchResult => {
  const isCatalogPartial = documentKinds.every((kind) => catalog.groups[kind].hits.every(isPartial))
  const groups = groupsOf((kind) => ({
    hits: mergeHits(
      catalog.groups[kind].hits,
      isCatalogPartial ? own.groups[kind].hits : own.groups[kind].hits.filter((hit) => !isPartial(hit)),
    ),
    hasMore: catalog.groups[kind].hasMore || own.groups[kind].hasMore,
  }))
  const best = bestTop(catalog, own)
  const top = groups[best.top?.kind ?? 'track'].hits.find(({ id }) => id === best.top?.id) ?? best.top
  return { top, correction: best.correction, groups, from: catalog.from }
}

const isPartial = ({ match }: SearchHit): boolean => match === 'partial'

/** The result whose top hit is the best: it gives the correction too. */
const bestTop = (catalog: SearchResult, own: SearchResult): SearchResult =>
  own.top !== undefined && own.top.score > (catalog.top?.score ?? -Infinity) ? own : catalog

/** A hit of the catalog knows more than what was saved, so it stays, with the better score. */
const mergeHits = (catalog: readonly SearchHit[], own: readonly SearchHit[]): readonly SearchHit[] => {
  const merged = new Map(catalog.map((hit) => [hit.id, hit]))
  for (const hit of own) {
    const known = merged.get(hit.id)
    if (known === undefined) merged.set(hit.id, hit)
    else if (hit.score > known.score) merged.set(hit.id, { ...known, score: hit.score })
  }
  return [...merged.values()].toSorted((a, b) => b.score - a.score)
}
