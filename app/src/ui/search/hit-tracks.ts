import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../../engine/server/answer.ts'
import { tryParse } from '../state/try-parse.ts'

/** What playing needs of the tracks that a search shows, so that Play answers in the same frame. */
export type HitTracks = {
  /** Asks for what is not there yet once the list rests; what was asked for another list is given up. */
  show(ids: readonly string[]): void
  get(id: string): Track | undefined
  /** Asks at once, for this track and those after it in the list. */
  need(id: string, signal: AbortSignal): Promise<Answer<Track>>
  close(): void
}

type Plan = {
  readonly tracksById: (ids: readonly TrackId[], signal: AbortSignal) => Promise<Answer<readonly Track[]>>
  /** Resolves when the list has stood for a moment, or when the signal aborts. */
  readonly rest: (signal: AbortSignal) => Promise<void>
}

const mostPerRequest = 50
const mostKept = 600

export const createHitTracks = ({ tracksById, rest }: Plan): HitTracks => {
  const kept = new Map<string, Track>()
  let shown: readonly string[] = []
  let request: AbortController | undefined

  const ask = async (ids: readonly string[], signal: AbortSignal): Promise<Answer<readonly Track[]>> => {
    const wanted = ids
      .filter((id) => !kept.has(id))
      .flatMap((id) => tryParse(parseTrackId, id) ?? [])
      .slice(0, mostPerRequest)
    if (wanted.length === 0) return { kind: 'ready', value: [] }
    const answer = await tracksById(wanted, signal)
    if (answer.kind === 'ready') for (const track of answer.value) kept.set(track.id, track)
    for (const id of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept)))
      if (!shown.includes(id)) kept.delete(id)
    return answer
  }
  const askWhenResting = async (signal: AbortSignal): Promise<void> => {
    await rest(signal)
    if (!signal.aborted) await ask(shown, signal)
  }
  return {
    show: (ids) => {
      if (ids.join() === shown.join()) return
      shown = ids
      request?.abort()
      request = new AbortController()
      // What could not be had now is asked for again, and its failure shown, when somebody wants to play it.
      if (ids.some((id) => !kept.has(id))) void askWhenResting(request.signal).catch(() => undefined)
    },
    get: (id) => kept.get(id),
    need: async (id, signal) => {
      const answer = await ask(shown.slice(Math.max(0, shown.indexOf(id))), signal)
      const track = kept.get(id)
      if (track !== undefined) return { kind: 'ready', value: track }
      return answer.kind === 'ready'
        ? { kind: 'problem', code: 'track-not-found', title: 'There is no such track' }
        : answer
    },
    close: () => request?.abort(),
  }
}
