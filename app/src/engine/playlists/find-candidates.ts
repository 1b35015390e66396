import { parseTrackId } from '@tonestead/crdt/ids'
import { creditLine, type TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { Library } from '../library/library.ts'
import { requestSearch } from '../search/search-requests.ts'
import type { SignedClient } from '../server/signed-client.ts'

/** Candidates for one reference. */
const mostCandidates = 20

/** Tracks of the server whose title and credits are like those of a reference; none without the server. */
export const createFindCandidates =
  (client: SignedClient, library: Pick<Library, 'tracksById'>) =>
  async (reference: TrackReference, signal: AbortSignal): Promise<readonly Track[]> => {
    const text = `${reference.title} ${creditLine(reference.credits)}`
    const answer = await requestSearch(client, { query: { text, kind: 'track', filters: {} }, signal })
    if (answer.kind !== 'ready') return []
    const ids = answer.value.result.groups.track.hits.slice(0, mostCandidates).map(({ id }) => parseTrackId(id))
    const tracks = await library.tracksById(ids, signal)
    return tracks.kind === 'ready' ? tracks.value : []
  }
