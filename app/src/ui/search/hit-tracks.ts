import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../../engine/server/answer.ts'
import { tryParse } from '../state/try-parse.ts'

/** Loads the tracks of a search result ahead, so that Play can start them in the same frame. */
export type HitTracks = {
  /** Sets the list on the screen. Its missing tracks are requested after a pause; the request of the list before is aborted. */
  show(ids: readonly string[]): void
  get(id: string): Track | undefined
  /** Requests this track and those after it in the list at once. */
  need(id: string, signal: AbortSignal): Promise<Answer<Track>>
  close(): void
}

type HitTracksDeps = {
  readonly tracksById: (ids: readonly TrackId[], signal: AbortSignal) => Promise<Answer<readonly Track[]>>
  /** Resolves when the list has not changed for a moment, or when the signal aborts. */
  readonly rest: (signal: AbortSignal) => Promise<void>
  /** Gets the failure of a request that nobody waits for. */
  readonly onFailure: (cause: unknown) => void
}

const mostPerRequest = 50
const mostCached = 600

export const createHitTracks = ({ tracksById, rest, onFailure }: HitTracksDeps): HitTracks => {
  const cached = new Map<string, Track>()
  let list: readonly string[] = []
  let request: AbortController | undefined

  const load = async (ids: readonly string[], signal: AbortSignal): Promise<Answer<readonly Track[]>> => {
    const missing = ids
      .filter((id) => !cached.has(id))
      .flatMap((id) => tryParse(parseTrackId, id) ?? [])
      .slice(0, mostPerRequest)
    if (missing.length === 0) return { kind: 'ready', value: [] }
    const answer = await tracksById(missing, signal)
    if (answer.kind === 'ready') for (const track of answer.value) cached.set(track.id, track)
    for (const id of [...cached.keys()].slice(0, Math.max(0, cached.size - mostCached)))
      if (!list.includes(id)) cached.delete(id)
    return answer
  }
  const loadAfterPause = async (signal: AbortSignal): Promise<void> => {
    await rest(signal)
    if (!signal.aborted) await load(list, signal)
  }
  return {
    show: (ids) => {
      if (ids.join() === list.join()) return
      list = ids
      request?.abort()
      request = new AbortController()
      // After a failure, need() requests them again and returns the failure.
      if (ids.some((id) => !cached.has(id))) void loadAfterPause(request.signal).catch(onFailure)
    },
    get: (id) => cached.get(id),
    need: async (id, signal) => {
      const answer = await load(list.slice(Math.max(0, list.indexOf(id))), signal)
      const track = cached.get(id)
      if (track !== undefined) return { kind: 'ready', value: track }
      return answer.kind === 'ready'
        ? { kind: 'problem', code: 'track-not-found', title: 'There is no such track' }
        : answer
    },
    close: () => request?.abort(),
  }
}
