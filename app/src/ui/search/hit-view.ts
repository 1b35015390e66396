import { coverOf } from '../state/cover-of.ts'
import type { DocumentKind, SearchHit } from '../../engine/search/search.ts'
import type { OwnHit } from './use-own-hits.ts'
import type { ListedTrack } from '../tracks/listed-track.ts'

/** The path of a hit's page. */
export const hitPath = ({ kind, id }: { readonly kind: DocumentKind; readonly id: string }): string => `/${kind}/${id}`

/** A track hit as a row of the track grid. */
export const listedTrackOf = (hit: SearchHit, { isSaved, savedKey, unavailable }: OwnHit): ListedTrack => ({
  id: hit.id,
  title: hit.title,
  credits: hit.credits,
  release: {
    id: unavailable === undefined ? (hit.release?.id ?? '') : '',
    title: hit.release?.title ?? '',
    cover: coverOf(hit.image),
  },
  durationMs: hit.durationMs ?? 0,
  year: hit.year,
  marks: hit.marks,
  isMarkedSaved: isSaved,
  savedKey,
  note: unavailable,
})
