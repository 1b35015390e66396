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
import type { IndexState } from './search-thread-messages.ts'

/** The state of the search thread. */
export type SearchHealth =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly state: IndexState }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'stopped' }

/** The search thread as the gateway needs it. `engine` returns undefined while no thread runs. */
export type SearchThread = { readonly health: () => SearchHealth; readonly engine: () => SearchEngine | undefined }

type DeviceChanges = {
  readonly items: readonly DocumentChange[]
  readonly last: number
  readonly isLast: boolean
  readonly isTooOld: boolean
}

/** Everything that HTTP routes may ask about search. */
export type SearchGateway = SearchEngine & {
  health(): SearchHealth
  /** Number of searches and suggestions that wait for the thread. */
  waiting(): number
  /** The changes that a device must apply to its index after a sequence number. Read from the catalog, so it also works while the thread is down. */
  changes(query: { after: number; limit: number }, audience: Audience): Promise<DeviceChanges>
  /** Number of entries of the change feed that the index does not contain yet. */
  lag(): Promise<number>
}

export type SearchGatewayDeps = { readonly thread: SearchThread; readonly source: SearchSource; readonly clock: Clock }

/** A search takes some milliseconds: a client behind this many would wait longer than a retry takes. */
const maxWaiting = 64
/** With more changes than this a new snapshot costs a device less. */
const maxChangesBehind = 20_000

export const createSearchGateway = ({ thread, source, clock }: SearchGatewayDeps): SearchGateway => {
  let waiting = 0
  const requireEngine = (): SearchEngine => {
    const engine = thread.engine()
    if (engine === undefined) throw new ProblemError('not-ready', 'The search index is being opened.')
    return engine
  }
  const limited = async <T>(call: (engine: SearchEngine) => Promise<T>): Promise<T> => {
    if (waiting >= maxWaiting)
      throw new ProblemError('not-ready', 'Too many searches are waiting. Try again in a moment.')
    waiting += 1
    try {
      return await call(requireEngine())
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
    ): Promise<{ answer: SearchAnswer; sequence: number }> =>
      limited((engine) => engine.search(request, audience, signal)),
    suggest: (request: SuggestRequest, audience: Audience, signal: AbortSignal): Promise<readonly Suggestion[]> =>
      limited((engine) => engine.suggest(request, audience, signal)),
    deviceSnapshot: async (audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot> =>
      requireEngine().deviceSnapshot(audience, knownTag),
    changes: async ({ after, limit }, audience) => {
      const { sequence } = await source.newest()
      if (after > sequence || sequence - after > maxChangesBehind)
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
