import { ProblemError } from '@tonestead/protocol/problem'
import type { SearchAnswer, Suggestion } from '@tonestead/search-index/answer'
import type { DocumentChange } from '@tonestead/search-index/document'
import type { SearchRequest, SuggestRequest } from '@tonestead/search-index/request'
import type { Audience } from '@tonestead/protocol/audience'
import type { Clock } from '../ports/clock.ts'
import type { SearchSource } from '../ports/search-source.ts'
import type { DeviceSnapshot } from './device-snapshots.ts'
import { dayOf } from './popularity.ts'
import { readChanges } from './read-catalog.ts'
import type { SearchEngine } from './search-engine.ts'
import type { IndexState } from './search-messages.ts'

/** How the search thread is. */
export type SearchHealth =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly state: IndexState }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'stopped' }

/** The search thread as the server sees it. `engine` is undefined while there is no thread. */
export type SearchThread = { readonly health: () => SearchHealth; readonly engine: () => SearchEngine | undefined }

type DeviceChanges = {
  readonly items: readonly DocumentChange[]
  readonly last: number
  readonly isLast: boolean
  readonly isTooOld: boolean
}

export type SearchGateway = SearchEngine & {
  health(): SearchHealth
  /** Searches and suggestions that wait for the thread. */
  waiting(): number
  /** What devices have to do to their index after a number of the change feed. Answered by the catalog, so it works while the thread is not there. */
  changes(query: { after: number; limit: number }, audience: Audience): Promise<DeviceChanges>
  /** How many lines of the change feed the index has not seen. */
  lag(): Promise<number>
}

export type SearchGatewayDeps = { readonly thread: SearchThread; readonly source: SearchSource; readonly clock: Clock }

/** One search takes some milliseconds: who comes after these would wait longer than it takes to ask again. */
const mostWaiting = 64
/** Taking the snapshot anew costs a device less than so many changes. */
const mostLinesBehind = 20_000

export const createSearchGateway = ({ thread, source, clock }: SearchGatewayDeps): SearchGateway => {
  let waiting = 0
  const engine = (): SearchEngine => {
    const now = thread.engine()
    if (now === undefined) throw new ProblemError('not-ready', 'The search index is being opened.')
    return now
  }
  const queued = async <T>(ask: (engine: SearchEngine) => Promise<T>): Promise<T> => {
    if (waiting >= mostWaiting)
      throw new ProblemError('not-ready', 'Too many searches are waiting. Try again in a moment.')
    waiting += 1
    try {
      return await ask(engine())
    } finally {
      waiting -= 1
    }
  }
  return {
    health: thread.health,
    waiting: () => waiting,
    search: (
      request: SearchRequest,
      audience: Audience,
      signal: AbortSignal,
    ): Promise<{ answer: SearchAnswer; sequence: number }> => queued((now) => now.search(request, audience, signal)),
    suggest: (request: SuggestRequest, audience: Audience, signal: AbortSignal): Promise<readonly Suggestion[]> =>
      queued((now) => now.suggest(request, audience, signal)),
    deviceSnapshot: async (audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot> =>
      engine().deviceSnapshot(audience, knownTag),
    changes: async ({ after, limit }, audience) => {
      const { sequence } = await source.newest()
      if (after > sequence || sequence - after > mostLinesBehind)
        return { items: [], last: sequence, isLast: true, isTooOld: true }
      const { changes, last, isLast } = await readChanges(source, { after, limit, today: dayOf(clock.now()) }, audience)
      return { items: changes, last, isLast, isTooOld: false }
    },
    lag: async () => {
      const health = thread.health()
      return (await source.newest()).sequence - (health.kind === 'open' ? health.state.sequence : 0)
    },
  }
}
