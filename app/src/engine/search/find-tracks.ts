import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Library } from '../library/library.ts'
import type { Answer } from '../server/answer.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { requestSearch } from './search-requests.ts'

/** As many hits as are loaded: what is meant is among the first ones or is not there. */
const mostHits = 20

/** The tracks that the server finds by these words, best first. An abort cancels the requests. */
export const createFindTracks =
  (client: SignedClient, library: Pick<Library, 'tracksById'>) =>
  async (text: string, signal: AbortSignal): Promise<Answer<readonly Track[]>> => {
    const answer = await requestSearch(client, { query: { text, kind: 'track', filters: {} }, signal })
    if (answer.kind !== 'ready') return answer
    const ids = answer.value.result.groups.track.hits.slice(0, mostHits).map((hit): TrackId => parseTrackId(hit.id))
    return ids.length === 0 ? { kind: 'ready', value: [] } : library.tracksById(ids, signal)
  }
