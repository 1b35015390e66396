import { ProblemError } from '@tonestead/protocol/problem'
import type { SearchAnswer, Suggestion } from '@tonestead/search-index/answer'
import type { SearchFilters, SearchRequest, SuggestRequest } from '@tonestead/search-index/request'
import type { SearchIndex } from '@tonestead/search-index/search-index'
import type { Audience } from '@tonestead/protocol/audience'
import type { DeviceSnapshot, DeviceSnapshots } from './device-snapshots.ts'
import type { HeldIndex } from './held-index.ts'
import type { SerialQueue } from './serial-queue.ts'

/** What the search thread answers. Everything rejects with the problem `not-ready` until the index is open. */
export type SearchEngine = {
  /** `sequence`: what of the change feed the index has seen. Abort: not begun, if it has not. */
  search(
    request: SearchRequest,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<{ readonly answer: SearchAnswer; readonly sequence: number }>
  suggest(request: SuggestRequest, audience: Audience, signal: AbortSignal): Promise<readonly Suggestion[]>
  deviceSnapshot(audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot>
}

export type SearchEngineDeps = {
  readonly held: () => HeldIndex | undefined
  readonly pass: SerialQueue
  readonly devices: DeviceSnapshots
}

export const createSearchEngine = ({ held, pass, devices }: SearchEngineDeps): SearchEngine => {
  const ready = (): HeldIndex => {
    const now = held()
    if (now === undefined) throw new ProblemError('not-ready', 'The search index is being opened.')
    return now
  }
  return {
    search: (request, audience, signal) =>
      pass(() => {
        const { index, sequence } = ready()
        return { answer: audience === 'listeners' ? index.search(request) : searchInPublic(index, request), sequence }
      }, signal),
    suggest: (request, audience, signal) =>
      pass(
        () => (audience === 'listeners' ? ready().index.suggest(request) : suggestPublic(ready().index, request)),
        signal,
      ),
    deviceSnapshot: async (audience, knownTag) => {
      ready()
      return devices.get(audience, knownTag)
    },
  }
}

// The index corrects by all its words. To everyone a text that it made is told only if something public is called like that.

const searchInPublic = (index: SearchIndex, request: SearchRequest): SearchAnswer => {
  const answer = index.search({ ...request, filters: inPublic(request.filters) })
  return answer.correction === undefined || isSaidInPublic(index, answer.correction, request.filters)
    ? answer
    : { ...answer, correction: undefined }
}

const suggestPublic = (index: SearchIndex, request: SuggestRequest): readonly Suggestion[] =>
  index
    .suggest({ ...request, filters: inPublic(request.filters) })
    .filter(({ text }) => isSaidInPublic(index, text, request.filters))

const isSaidInPublic = (index: SearchIndex, text: string, filters: SearchFilters | undefined): boolean => {
  const { groups } = index.search({ text, filters: inPublic(filters), limit: 1, isComplete: true })
  return Object.values(groups).some((group) => group.hits.some((hit) => hit.match === 'exact'))
}

const inPublic = (filters: SearchFilters | undefined): SearchFilters => ({ ...filters, isPublic: true })
