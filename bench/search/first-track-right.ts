import type { SearchAnswer } from '@tonestead/search-index/answer'
import { isMeant, type Query } from '../catalog/query.ts'

/** Grades the first track of an answer, as for the peers. For an artist's name that is a track by the artist. */
export const isFirstTrackRight = (query: Query, answer: SearchAnswer): boolean => {
  const first = answer.groups.track.hits[0]
  if (first === undefined) return false
  const names = first.credits.map(({ name }) => name)
  return isMeant(query, first.title, names)
}
