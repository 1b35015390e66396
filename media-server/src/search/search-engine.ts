import { ProblemError } from '@tonestead/protocol/problem'
import type { SearchAnswer, Suggestion } from '@tonestead/search-index/answer'
import type { SearchFilters, SearchRequest, SuggestRequest } from '@tonestead/search-index/request'
import type { SearchIndex } from '@tonestead/search-index/search-index'
import type { Audience } from '@tonestead/protocol/audience'
import type { CurrentIndex } from './current-index.ts'
import type { DeviceSnapshot, DeviceSnapshots } from './device-snapshots.ts'
import type { SerialQueue } from './serial-queue.ts'

/** The port `engine` of the search thread. Every method rejects with the problem `not-ready` until the index is open. */
export type SearchEngine = {
  /** `sequence`: the newest entry of the change feed that the index contains. An abort has an effect only before the search begins. */
  search(
    request: SearchRequest,
    audience: Audience,
    signal: AbortSignal,
  ): Promise<{ readonly answer: SearchAnswer; readonly sequence: number }>
  suggest(request: SuggestRequest, audience: Audience, signal: AbortSignal): Promise<readonly Suggestion[]>
  deviceSnapshot(audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot>
}

export type SearchEngineDeps = {
  readonly current: () => CurrentIndex | undefined
  readonly enqueue: SerialQueue
  readonly devices: DeviceSnapshots
}

export const createSearchEngine = ({ current, enqueue, devices }: SearchEngineDeps): SearchEngine => {
  const requireIndex = (): CurrentIndex => {
    const open = current()
    if (open === undefined) throw new ProblemError('not-ready', 'The search index is being opened.')
    return open
  }
  return {
    search: (request, audience, signal) =>
      enqueue(() => {
        const { index, sequence } = requireIndex()
        return { answer: audience === 'listeners' ? index.search(request) : searchInPublic(index, request), sequence }
      }, signal),
    suggest: (request, audience, signal) =>
      enqueue(() => {
        const { index } = requireIndex()
        return audience === 'listeners' ? index.suggest(request) : suggestInPublic(index, request)
      }, signal),
    deviceSnapshot: async (audience, knownTag) => {
      requireIndex()
      return devices.get(audience, knownTag)
    },
  }
}

// Corrections and suggestions are made from all words of the index, also from those of private items.
// Everyone gets such a text only when a public item matches it exactly.

const searchInPublic = (index: SearchIndex, request: SearchRequest): SearchAnswer => {
  const answer = index.search({ ...request, filters: onlyPublic(request.filters) })
  return answer.correction === undefined || matchesPublicItem(index, answer.correction, request.filters)
    ? answer
    : { ...answer, correction: undefined }
}

const suggestInPublic = (index: SearchIndex, request: SuggestRequest): readonly Suggestion[] =>
  index
    .suggest({ ...request, filters: onlyPublic(request.filters) })
    .filter(({ text }) => matchesPublicItem(index, text, request.filters))

const matchesPublicItem = (index: SearchIndex, text: string, filters: SearchFilters | undefined): boolean => {
  const { groups } = index.search({ text, filters: onlyPublic(filters), limit: 1, isComplete: true })
  return Object.values(groups).some((group) => group.hits.some((hit) => hit.match === 'exact'))
}

const onlyPublic = (filters: SearchFilters | undefined): SearchFilters => ({ ...filters, isPublic: true })
