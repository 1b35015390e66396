import type { HitGroup, SearchHit } from '@tonestead/search-index/answer'
import { documentKinds, type DocumentKind } from '@tonestead/search-index/document'
import type { SearchResult } from './search.ts'

export type Groups = SearchResult['groups']

export const groupsOf = (make: (kind: DocumentKind) => HitGroup): Groups => ({
  track: make('track'),
  release: make('release'),
  artist: make('artist'),
  playlist: make('playlist'),
})

export const isEmpty = (groups: Groups): boolean => documentKinds.every((kind) => groups[kind].hits.length === 0)

/** The server's index covers the whole catalog, so its top hit and its correction are taken. */
export const mergeResults = (device: SearchResult, server: SearchResult): SearchResult => ({
  top: server.top,
  correction: server.correction,
  groups: groupsOf((kind) => ({
    hits: mergeHits(device.groups[kind].hits, server.groups[kind].hits),
    hasMore: device.groups[kind].hasMore || server.groups[kind].hasMore,
  })),
  from: 'both',
})

/** Each document once, with its best score: scores of different indexes are comparable. Hits with equal scores keep the order of the first list. */
const mergeHits = (first: readonly SearchHit[], second: readonly SearchHit[]): readonly SearchHit[] => {
  const best = new Map<string, SearchHit>()
  for (const hit of [...first, ...second]) {
    const known = best.get(hit.id)
    if (known === undefined || hit.score > known.score) best.set(hit.id, hit)
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score)
}

/** Hits on the screen keep their places; the new ones follow, best first. */
export const appendHits = (current: readonly SearchHit[], added: readonly SearchHit[]): readonly SearchHit[] => {
  const known = new Set(current.map((hit) => hit.id))
  return [
    ...current,
    ...mergeHits(
      added.filter((hit) => !known.has(hit.id)),
      [],
    ),
  ]
}
