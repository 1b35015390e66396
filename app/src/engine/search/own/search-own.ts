import type { Suggestion } from '@tonestead/search-index/answer'
import type { Log } from '../../../ports/log.ts'
import type { Cell } from '../../cell.ts'
import type { SearchEvent, SearchModel } from '../search-machine.ts'
import type { SearchQuery } from '../search.ts'
import type { OwnSource } from './own-source.ts'

type Current = { readonly queryNumber: number; readonly query: SearchQuery; readonly signal: AbortSignal }
type SearchOwnParts = {
  readonly own: OwnSource
  readonly log: Log
  readonly suggestions: Cell<readonly Suggestion[]>
  readonly isCurrent: (queryNumber: number) => boolean
  readonly dispatch: (event: SearchEvent) => void
}

const failed = {
  kind: 'problem',
  code: 'documents-unavailable',
  title: 'Your library cannot be read in this browser',
} as const

/** [OS6] Whether a query that begins now waits for the account's own: while it is loading, only when nothing else is searched. */
export const waitsForOwn = (own: OwnSource, query: SearchQuery): boolean =>
  own.state.get().kind === 'ready' || query.filters.isInLibrary === true

/** Searches the account's own for the current query. While it is loading nothing happens: it is searched when it is there. */
export const startOwn = async (
  { own, log, suggestions, isCurrent, dispatch }: SearchOwnParts,
  { queryNumber, query, signal }: Current,
): Promise<void> => {
  const fail = (): void => dispatch({ kind: 'failed', queryNumber, source: 'own', failure: failed })
  const { kind } = own.state.get()
  if (kind === 'loading') return
  if (kind === 'unavailable') return void fail()
  try {
    const found = await own.search({ query, offset: 0, signal })
    if (found === undefined) return void fail()
    dispatch({ kind: 'found', queryNumber, source: 'own', ...found })
    const items = await own.suggest(query.text, signal)
    if (isCurrent(queryNumber)) suggestions.set(items)
  } catch (cause) {
    log.failed('what is saved was not searched')(cause)
    fail()
  }
}

/** [OS6] The index of the account's own is there, or has changed: the query on the screen is searched in it. */
export const ownChanged = (parts: SearchOwnParts, model: SearchModel, signal: AbortSignal): void => {
  const { query, queryNumber, own } = model
  if (query === undefined) return
  const isReady = parts.own.state.get().kind === 'ready'
  if (!isReady && own.kind !== 'waiting') return
  if (own.kind === 'unused' || own.kind === 'failed')
    parts.dispatch({ kind: 'source-added', queryNumber, source: 'own' })
  void startOwn(parts, { queryNumber, query, signal })
}
