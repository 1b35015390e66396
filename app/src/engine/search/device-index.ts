import type { SearchHit } from '@tonestead/search-index/answer'
import type { SearchDocument } from '@tonestead/search-index/document'
import type { Suggestions } from '@tonestead/protocol/search'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { SearchWorkerResult, SearchWorkerQuery, StoredIndex, SearchWorker } from '../../ports/search-worker.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import { createCell, type Cell } from '../cell.ts'
import type { Readable } from '../readable.ts'
import type { DeviceIndexState } from './search.ts'

export type DeviceIndexDeps = {
  /** undefined when the browser does not support it. */
  readonly startWorker: () => SearchWorker | undefined
  readonly server: Pick<ServerConnection, 'known'>
  readonly clock: Clock
  readonly log: Log
  /** Whether the catalog was too large when its index was last requested. */
  readonly isTooLarge: () => Promise<boolean>
}

/** The index on this device as the page uses it. */
export type DeviceIndex = {
  readonly state: Readable<DeviceIndexState>
  /** Whether a search makes sense: there is an index, or the stored one is still being opened. */
  mayAnswer(): boolean
  /** Starts the worker and opens the stored index. Only the first call does so; later ones wait for it. */
  readonly open: () => Promise<StoredIndex>
  search(query: SearchWorkerQuery, signal: AbortSignal): Promise<SearchWorkerResult | undefined>
  suggest(text: string, signal: AbortSignal): Promise<Suggestions['items']>
  readonly recordUse: (hit: SearchHit) => void
  /** For the index sync: the worker, and the index that it has open. */
  readonly worker: () => SearchWorker | undefined
  readonly stored: () => StoredIndex
  setStored(stored: StoredIndex): void
  setFetching(): void
  /** There is no index, and there will be none until the page is loaded again. */
  giveUp(): void
}

export const mostSuggestions = 5

const knownWithinMs = 10_000

type DeviceIndexContext = DeviceIndexDeps & {
  readonly state: Cell<DeviceIndexState>
  worker: SearchWorker | undefined
  stored: StoredIndex
  /** The stored index has been opened, or there is none: a search need not wait for it. */
  isOpen: boolean
}

export const createDeviceIndex = (deps: DeviceIndexDeps): DeviceIndex => {
  const context: DeviceIndexContext = {
    ...deps,
    state: createCell<DeviceIndexState>({ kind: 'absent' }),
    worker: undefined,
    stored: { kind: 'absent' },
    isOpen: false,
  }
  let opening: Promise<void> | undefined
  const open = async (): Promise<StoredIndex> => {
    opening ??= openKept(context)
    await opening
    return context.stored
  }
  const ready = async (): Promise<SearchWorker | undefined> =>
    (await open()).kind === 'ready' ? context.worker : undefined
  return {
    state: context.state,
    mayAnswer: () => (context.isOpen ? context.stored.kind === 'ready' : context.state.get().kind !== 'unavailable'),
    open,
    search: async (query, signal) => (await ready())?.search(query, signal),
    suggest: async (text, signal) => (await (await ready())?.suggest({ text, limit: mostSuggestions }, signal)) ?? [],
    recordUse: (hit) =>
      void open()
        .then(() => recordUse(context, hit))
        .catch(deps.log.failed('a use was not recorded in the index')),
    worker: () => context.worker,
    stored: () => context.stored,
    setStored: (stored) => setStored(context, stored),
    setFetching: () => context.state.set({ kind: 'fetching' }),
    giveUp: () => giveUp(context),
  }
}

const setStored = (context: DeviceIndexContext, stored: StoredIndex): void => {
  context.stored = stored
  context.state.set(
    stored.kind === 'absent'
      ? stored
      : { kind: 'ready', scope: stored.scope, tracks: stored.tracks, sequence: stored.sequence },
  )
}

const giveUp = (context: DeviceIndexContext): void => {
  context.stored = { kind: 'absent' }
  context.state.set({ kind: 'unavailable' })
}

const openKept = async (context: DeviceIndexContext): Promise<void> => {
  try {
    await startAndOpen(context)
  } catch (cause) {
    context.log.failed('the index of this device was not opened')(cause)
    giveUp(context)
  }
  context.isOpen = true
}

const startAndOpen = async (context: DeviceIndexContext): Promise<void> => {
  const { log } = context
  const worker = context.startWorker()
  if (worker === undefined) return void giveUp(context)
  context.worker = worker
  worker.onStored((stored) => setStored(context, stored))
  worker.onBroken(() => giveUp(context))
  const known = await context.server
    .known(AbortSignal.timeout(knownWithinMs))
    .catch(log.failed('the server of this device is not known'))
  if (known === undefined) return
  const isTooLarge = await context.isTooLarge().catch(log.failed('the size mark of the catalog was not read'))
  setStored(context, await worker.open({ serverId: known.id, scope: isTooLarge === true ? 'touched' : 'catalog' }))
}

/** An index of the whole catalog has the document already. */
const recordUse = async ({ worker, stored, server, clock }: DeviceIndexContext, hit: SearchHit): Promise<void> => {
  if (worker === undefined || (stored.kind === 'ready' && stored.scope === 'catalog')) return
  const known = await server.known(AbortSignal.timeout(knownWithinMs))
  if (known !== undefined) await worker.touch({ serverId: known.id, document: documentOf(hit), atMs: clock.now() })
}

const documentOf = ({
  kind,
  id,
  title,
  credits,
  release,
  year,
  durationMs,
  image,
  isLossless,
}: SearchHit): SearchDocument => ({
  kind,
  id,
  title,
  credits,
  release,
  year,
  durationMs,
  image,
  popularity: 1,
  isPublic: false,
  isLossless,
  isInLibrary: false,
})
