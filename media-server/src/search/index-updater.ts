import type { Bytes } from '@tonestead/protocol/bytes'
import type { OpenedIndex } from '@tonestead/search-index/search-index'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import type { BuiltIndex } from './build-index.ts'
import type { CurrentIndex } from './current-index.ts'
import { decodeIndexFile, indexFileName, indexFileNames, type IndexFile } from './index-file.ts'
import { createIndexRebuilder, type IndexRebuilderDeps } from './index-rebuilder.ts'
import { createPlaysRefresh } from './plays-refresh.ts'
import { dayOf } from './popularity.ts'
import { readChanges } from './read-catalog.ts'
import { warmUp } from './warm-up.ts'

export type IndexUpdaterDeps = IndexRebuilderDeps & {
  readonly source: SearchSource
  readonly snapshots: IndexSnapshots
  readonly open: (snapshot: Bytes) => OpenedIndex
  /** False when the stored index may have crashed the threads before this one: it is not read then. */
  readonly isStoredIndexTrusted: boolean
  /** Another thread answers searches until this one is ready. */
  readonly isSuccessor: boolean
  onState(current: CurrentIndex, isBuilding: boolean): void
}

const changesAtOnce = 500
/** An index that is further behind is built again: that is faster than applying the changes. */
const maxChangesBehind = 20_000
/** The change feed notifies of its own writes; the poll is for changes by another process. */
const pollMs = 1000

/** Keeps one index up to date with the catalog. `run` ends when the signal aborts; any other end is a fault. */
export const createIndexUpdater = (deps: IndexUpdaterDeps) => {
  let ready: CurrentIndex | undefined
  const rebuilder = createIndexRebuilder(deps)
  const run = async (signal: AbortSignal): Promise<void> => {
    if (!deps.isSuccessor) await deps.snapshots.sweep(indexFileNames)
    const current =
      (deps.isStoredIndexTrusted ? await openStored(deps) : undefined) ??
      openBuilt(deps, await deps.build(true, signal))
    const plays = createPlaysRefresh(deps, current.builtAt)
    await applyChanges(deps, current)
    if (deps.isSuccessor) warmUp(current.index)
    while (!signal.aborted) {
      await applyChanges(deps, current)
      await plays.refresh(current.index)
      ready = current
      rebuilder.startIfDue(current, signal)
      deps.onState(current, rebuilder.isBuilding())
      await waitForChanges(deps, current.sequence, signal)
    }
  }
  return {
    /** Undefined until the index is open and contains everything in the catalog. */
    current: (): CurrentIndex | undefined => ready,
    /** Starts a build within a second, even when little has changed. */
    rebuild: rebuilder.request,
    run,
  }
}

const openBuilt = (deps: IndexUpdaterDeps, { header, snapshot, writeError }: BuiltIndex): CurrentIndex => {
  if (writeError !== undefined) deps.onFault('The search index could not be written to disk.', new Error(writeError))
  const opened = snapshot === undefined ? undefined : deps.open(snapshot)
  if (opened?.kind !== 'opened')
    throw new Error(`a search index that was just built cannot be opened: ${opened?.reason ?? 'it has no snapshot'}`)
  return { index: opened.index, sequence: opened.sequence, builtAt: header.builtAt }
}

/** Undefined when there is no stored index, or none that may be used (that is reported). */
const openStored = async (deps: IndexUpdaterDeps): Promise<CurrentIndex | undefined> => {
  const bytes = await deps.snapshots.read(indexFileName('listeners'))
  if (bytes === undefined) return undefined
  const file = decodeIndexFile(bytes)
  const opened = file === undefined ? 'it is no index file of this version' : await openIfCurrent(deps, file)
  if (typeof opened !== 'string') return opened
  deps.onFault('The stored search index is not used; it is built again from the catalog.', new Error(opened))
  return undefined
}

/** A string is the reason why the file cannot be used. */
const openIfCurrent = async (
  deps: IndexUpdaterDeps,
  { header, snapshot }: IndexFile,
): Promise<CurrentIndex | string> => {
  if (header.audience !== 'listeners' || (await deps.source.markAt(header.sequence)) !== header.mark)
    return 'it belongs to another catalog'
  if ((await deps.source.newest()).sequence - header.sequence > maxChangesBehind) return 'it is too far behind'
  const opened = deps.open(snapshot)
  if (opened.kind === 'refused') return opened.reason
  return opened.sequence === header.sequence
    ? { index: opened.index, sequence: opened.sequence, builtAt: header.builtAt }
    : 'its header describes another index'
}

const applyChanges = async (deps: IndexUpdaterDeps, current: CurrentIndex): Promise<void> => {
  for (;;) {
    const { changes, last, isLast } = await readChanges(
      deps.source,
      { after: current.sequence, limit: changesAtOnce, today: dayOf(deps.clock.now()) },
      'listeners',
    )
    if (changes.length > 0) current.index.apply(changes)
    current.sequence = last
    if (isLast) return
  }
}

/** Resolves when the change feed has grown, at the latest after `pollMs`. */
const waitForChanges = async (
  { source, clock }: IndexUpdaterDeps,
  sequence: number,
  signal: AbortSignal,
): Promise<void> => {
  const waiting = new AbortController()
  const either = AbortSignal.any([waiting.signal, signal])
  const waits = [source.changed(sequence, either), clock.after(pollMs, either)]
  try {
    await Promise.race(waits)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    waiting.abort()
    // The wait that lost the race rejects with this abort.
    void Promise.allSettled(waits)
  }
}
