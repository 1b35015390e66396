import type { Suggestion } from '@tonestead/search-index/answer'
import type { ServerId } from '@tonestead/crdt/ids'
import type { LibraryDocument } from '@tonestead/crdt/library/library-document'
import type { SearchDocument } from '@tonestead/search-index/document'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import type { SearchWorker } from '../../../ports/search-worker.ts'
import { createCell } from '../../cell.ts'
import type { Playlists } from '../../playlists/playlists.ts'
import type { Readable } from '../../readable.ts'
import type { SavedMusic } from '../../saved/saved-music.ts'
import { sourceResultOf, workerQueryOf } from '../search-device.ts'
import type { SourceResult } from '../search-machine.ts'
import type { SearchQuery } from '../search.ts'
import { documentsOfPlaylists, documentsOfSaved, playlistsIn, type FoundablePlaylist } from './own-documents.ts'

/** `ready`: the index holds what the documents held a moment ago; a new object after each change of the index. */
type OwnState = { readonly kind: 'loading' | 'ready' | 'unavailable' }

/** The playlists of the account and what is saved, searched on this device. Rules in SPEC.md. */
export type OwnSource = {
  readonly state: Readable<OwnState>
  /** The documents are followed while a search is on the screen. */
  readonly setWatched: (isWatched: boolean) => void
  /** A page of the result; undefined when there is no index. */
  readonly search: (page: {
    readonly query: SearchQuery
    readonly offset: number
    readonly signal: AbortSignal
  }) => Promise<SourceResult | undefined>
  /** At most `mostOwnSuggestions`. */
  readonly suggest: (text: string, signal: AbortSignal) => Promise<readonly Suggestion[]>
}

export type OwnSourceDeps = {
  /** The worker, started; undefined where there is none. */
  readonly worker: () => SearchWorker | undefined
  readonly saved: Pick<SavedMusic, 'view' | 'serverId' | 'start'>
  readonly playlists: Pick<Playlists, 'tree' | 'playlist'>
  readonly clock: Clock
  readonly log: Log
}

const mostOwnSuggestions = 2
/** Changes within this time make one new index. */
const quietMs = 150

type Context = OwnSourceDeps & {
  readonly state: ReturnType<typeof createCell<OwnState>>
  readonly followed: Map<Readable<unknown>, () => void>
  /** Ends a wait for quiet. */
  waiting: AbortController | undefined
  /** The values that the index was last made of. */
  filledFrom: readonly unknown[]
}

export const createOwnSource = (deps: OwnSourceDeps): OwnSource => {
  const context: Context = {
    ...deps,
    state: createCell<OwnState>({ kind: 'loading' }),
    followed: new Map(),
    waiting: undefined,
    filledFrom: [],
  }
  return {
    state: context.state,
    setWatched: (isWatched) => {
      if (!isWatched) return void stop(context)
      deps.saved.start()
      fillSoon(context)
    },
    search: async ({ query, offset, signal }) => {
      const found = await deps.worker()?.searchOwn(workerQueryOf(query, offset), signal)
      return found && sourceResultOf(found, { query, offset, from: 'own' })
    },
    suggest: async (text, signal) =>
      (await deps.worker()?.suggestOwn({ text, limit: mostOwnSuggestions }, signal)) ?? [],
  }
}

const stop = (context: Context): void => {
  context.waiting?.abort()
  context.waiting = undefined
  for (const unfollow of context.followed.values()) unfollow()
  context.followed.clear()
}

/** [OS5] Follows the documents, and fills the index when they were quiet for a moment. */
const fillSoon = (context: Context): void => {
  read(context)
  if (context.waiting !== undefined) return
  const waiting = new AbortController()
  context.waiting = waiting
  const fillLater = async (): Promise<void> => {
    await context.clock.after(quietMs, waiting.signal)
    context.waiting = undefined
    await fill(context)
  }
  void fillLater().catch((cause: unknown) => {
    if (waiting.signal.aborted) return
    context.filledFrom = []
    context.state.set({ kind: 'unavailable' })
    context.log.failed('the index of what is saved was not made')(cause)
  })
}

const fill = async (context: Context): Promise<void> => {
  const { isLoading, isUnavailable, values, documents } = read(context)
  const worker = context.worker()
  if (isUnavailable || worker === undefined) return void context.state.set({ kind: 'unavailable' })
  const isSame =
    values.length === context.filledFrom.length && values.every((value, index) => value === context.filledFrom[index])
  // An answer before everything was read once would say that nothing was found.
  if (isSame || (isLoading && context.state.get().kind !== 'ready')) return
  context.filledFrom = values
  if (await fillInParts(context, worker, documents())) context.state.set({ kind: 'ready' })
}

/** [OS9] Documents that are made and sent at once. */
export const partSize = 500

/** [OS9] While the worker takes a part, the page does what else there is to do. False: a newer index was begun meanwhile. */
const fillInParts = async (
  context: Context,
  worker: SearchWorker,
  documents: Iterator<SearchDocument, unknown>,
): Promise<boolean> => {
  const { filledFrom } = context
  for (let isFirst = true, isLast = false; !isLast; isFirst = false) {
    const part = takeFrom(documents, partSize)
    isLast = part.length < partSize
    await worker.fillOwn({ documents: part, isFirst, isLast })
    if (context.filledFrom !== filledFrom) return false
  }
  return true
}

const takeFrom = <T>(values: Iterator<T, unknown>, count: number): T[] => {
  const taken: T[] = []
  while (taken.length < count) {
    const next = values.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}

type Read = {
  readonly isLoading: boolean
  readonly isUnavailable: boolean
  /** Everything that `documents` is computed from. */
  readonly values: readonly unknown[]
  /** Made one by one, as they are taken. */
  readonly documents: () => Iterator<SearchDocument, unknown>
}

/** [OS5] Reads and follows what there is. A playlist that is still loading is left out until it is there. */
const read = (context: Context): Read => {
  const valueOf = <T>(readable: Readable<T>): T => {
    if (!context.followed.has(readable))
      context.followed.set(
        readable,
        readable.subscribe(() => fillSoon(context)),
      )
    return readable.get()
  }
  const saved = valueOf(context.saved.view)
  const serverId: ServerId | undefined = valueOf(context.saved.serverId)
  const tree = valueOf(context.playlists.tree)
  const places = tree.kind === 'open' ? playlistsIn(tree.nodes) : []
  const states = places.map(({ id }) => valueOf(context.playlists.playlist(id)))
  const playlists = states.flatMap((state, index) =>
    state.kind === 'open' ? [{ ...state, folders: places[index]?.folders ?? [] }] : [],
  )
  return {
    isLoading: saved.kind === 'loading' || tree.kind === 'loading',
    isUnavailable: saved.kind === 'unavailable' && tree.kind === 'unavailable',
    values: [saved, serverId, tree, ...states],
    documents: () => documentsOf(playlists, saved.kind === 'open' ? saved.shards : [], serverId),
  }
}

const documentsOf = function* (
  playlists: readonly FoundablePlaylist[],
  shards: readonly LibraryDocument[],
  serverId: ServerId | undefined,
): Generator<SearchDocument> {
  yield* documentsOfPlaylists(playlists)
  yield* documentsOfSaved(shards, serverId)
}
