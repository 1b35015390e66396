import type { EntryId } from '@tonestead/crdt/ids'
import { playlistItem } from '@tonestead/crdt/playlists/playlist-document'
import { matchTrack } from '@tonestead/crdt/tracks/match-track'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { KnownTracks, OpenPlaylist, Playlists, PlaylistState } from './playlists.ts'
import type { PlaylistsContext } from './playlists-context.ts'
import { referenceOfTrack } from '../library/reference-of-track.ts'

/** Searches at one time. */
const mostSearches = 3

type Lookup = { readonly known: () => KnownTracks; readonly stateOf: (id: EntryId) => PlaylistState }
type Found = { readonly id: EntryId; readonly track: TrackReference }

/** [PY8] */
export const createFindAgain =
  (context: PlaylistsContext, { known, stateOf }: Lookup): Playlists['findAgain'] =>
  async (id, entries, signal) => {
    const state = stateOf(id)
    const wanted = state.kind === 'open' ? missingOf(state, new Set<string>(entries), known()) : []
    const found: Found[] = []
    for (let first = 0; first < wanted.length && !signal.aborted; first += mostSearches) {
      const some = wanted.slice(first, first + mostSearches)
      found.push(...(await Promise.all(some.map((one) => find(context, one, signal)))).flat())
    }
    const change = await context.historyOf(id).change((document) => {
      const tracks = found.filter((one) => playlistItem(document, one.id) !== undefined)
      return tracks.length === 0 ? [] : [{ kind: 'replaceTracks', id: context.newIntentId(), tracks }]
    })
    return { found: found.length, missing: wanted.length - found.length, change }
  }

const missingOf = (state: OpenPlaylist, ids: ReadonlySet<string>, known: KnownTracks): Found[] =>
  state.entries.flatMap(({ id, item }) =>
    ids.has(id) && item !== undefined && known.availabilityOf(item.track).kind !== 'known'
      ? [{ id, track: item.track }]
      : [],
  )

const find = async (
  { findCandidates, serverId }: PlaylistsContext,
  { id, track }: Found,
  signal: AbortSignal,
): Promise<Found[]> => {
  const server = serverId.get()
  if (server === undefined) return []
  const candidates = await findCandidates(track, signal)
  const match = matchTrack(
    track,
    candidates.map((candidate) => referenceOfTrack(candidate, server)),
  )
  return match === undefined ? [] : [{ id, track: match.track }]
}
