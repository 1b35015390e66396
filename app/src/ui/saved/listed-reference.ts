import type { ServerId } from '@tonestead/crdt/ids'
import { availabilityOf } from '@tonestead/crdt/tracks/match-track'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { ListedTrack } from '../tracks/listed-track.ts'
import { goneFromServerText, otherServerText } from './absence-text.ts'
import type { WholeTracksView } from './whole-tracks.ts'

/** Rows that were made before, by their reference. */
export type ListedRows = WeakMap<object, ListedTrack>

type Known = { readonly serverId: ServerId | undefined; readonly loaded: WholeTracksView }

/** A track that a document remembers as a row: the track of the catalog where it is loaded, else what is remembered of it. The same object for the same input. */
export const listedReference = (
  track: TrackReference,
  { serverId, loaded, rows }: Known & { readonly rows: ListedRows },
): ListedTrack => {
  const whole = serverId === track.serverId ? loaded.tracks.get(track.trackId) : undefined
  if (whole !== undefined) return whole
  const reason = reasonOf(track, { serverId, loaded })
  const known = rows.get(track)
  if (known !== undefined && known.note === reason) return known
  const row: ListedTrack = {
    id: track.trackId,
    title: track.title,
    credits: track.credits.map((credit) => ({ id: '', ...credit })),
    release: { id: track.release.id ?? '', title: track.release.title },
    durationMs: track.durationMs,
    savedKey: savedKey(track.serverId, track.trackId),
    note: reason,
  }
  rows.set(track, row)
  return row
}

const reasonOf = (track: TrackReference, { serverId, loaded }: Known): string | undefined => {
  if (serverId === undefined) return undefined
  const { kind } = availabilityOf(track, {
    serverId,
    standingOf: (id) => (loaded.gone.has(id) ? 'gone' : 'unknown'),
  })
  if (kind === 'other-server') return otherServerText
  return kind === 'gone' ? goneFromServerText : undefined
}
