import type { HitGroup, SearchHit } from '@tonestead/search-index/answer'
import { documentKinds, type DocumentKind } from '@tonestead/search-index/document'
import type { Found } from './search.ts'

export type Groups = Found['groups']

export const groupsOf = (make: (kind: DocumentKind) => HitGroup): Groups => ({
  track: make('track'),
  release: make('release'),
  artist: make('artist'),
  playlist: make('playlist'),
})

export const isEmpty = (groups: Groups): boolean => documentKinds.every((kind) => groups[kind].hits.length === 0)

/** Scores of several indexes may be compared. Each thing once, with its best score; equal scores keep the order of the first list. */
export const mergeGroups = (first: Groups, second: Groups): Groups =>
  groupsOf((kind) => ({
    hits: mergeHits(first[kind].hits, second[kind].hits),
    hasMore: first[kind].hasMore || second[kind].hasMore,
  }))

const mergeHits = (first: readonly SearchHit[], second: readonly SearchHit[]): readonly SearchHit[] => {
  const best = new Map<string, SearchHit>()
  for (const hit of [...first, ...second]) {
    const known = best.get(hit.id)
    if (known === undefined || hit.score > known.score) best.set(hit.id, hit)
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score)
}

/** What is on the screen stays where it is; the others follow, best first. */
export const appendHits = (shown: readonly SearchHit[], added: readonly SearchHit[]): readonly SearchHit[] => {
  const known = new Set(shown.map((hit) => hit.id))
  return [
    ...shown,
    ...mergeHits(
      added.filter((hit) => !known.has(hit.id)),
      [],
    ),
  ]
}
