import type { Bytes } from '@tonestead/protocol/bytes'
import type { OpenedIndex } from '@tonestead/search-index/search-index'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import type { BuiltIndex } from './build-index.ts'
import type { HeldIndex } from './held-index.ts'
import { createIndexBuilds, type IndexBuildDeps } from './index-builds.ts'
import { decodeKeptIndex, keptName, type KeptIndex } from './kept-index.ts'
import { createPlaysRefresh } from './plays-refresh.ts'
import { dayOf } from './popularity.ts'
import { readChanges } from './read-catalog.ts'
import { warmUp } from './warm-up.ts'

export type IndexUpdaterDeps = IndexBuildDeps & {
  readonly source: SearchSource
  readonly snapshots: IndexSnapshots
  readonly open: (snapshot: Bytes) => OpenedIndex
  /** False after an index that was read from disk brought the thread down. */
  readonly isKeptTrusted: boolean
  /** Another thread answers until this one is ready for it. */
  readonly isSuccessor: boolean
  onState(held: HeldIndex, isBuilding: boolean): void
}

const linesAtOnce = 500
/** An index that is further behind is sooner built than followed. */
const mostLinesBehind = 20_000
/** The feed rings; this is for changes that came by another process. */
const pollMs = 1000

/** Keeps one index in step with the catalog. `run` ends when the signal aborts; whatever else ends it is a fault. */
export const createIndexUpdater = (deps: IndexUpdaterDeps) => {
  let held: HeldIndex | undefined
  const builds = createIndexBuilds(deps)
  const run = async (signal: AbortSignal): Promise<void> => {
    if (!deps.isSuccessor) await deps.snapshots.sweep()
    const current =
      (deps.isKeptTrusted ? await openKept(deps) : undefined) ?? openBuilt(deps, await deps.build(true, signal))
    const plays = createPlaysRefresh(deps, current.builtAt)
    await follow(deps, current)
    if (deps.isSuccessor) warmUp(current.index)
    while (!signal.aborted) {
      await follow(deps, current)
      await plays.refresh(current.index)
      held = current
      builds.beginIfDue(current, signal)
      deps.onState(current, builds.isAtWork())
      await news(deps, current.sequence, signal)
    }
  }
  return {
    /** Undefined until it is open and has seen what the catalog holds. */
    held: (): HeldIndex | undefined => held,
    /** Within a second, however little has changed. */
    rebuild: builds.ask,
    run,
  }
}

const openBuilt = (deps: IndexUpdaterDeps, { about, snapshot, unkept }: BuiltIndex): HeldIndex => {
  if (unkept !== undefined) deps.onFault('The search index could not be written to disk.', new Error(unkept))
  const opened = snapshot === undefined ? undefined : deps.open(snapshot)
  if (opened?.kind !== 'opened')
    throw new Error(`a search index that was just built is ${opened?.reason ?? 'not there'}`)
  return { index: opened.index, sequence: opened.sequence, builtAt: about.builtAt }
}

/** Undefined: there is none that may be used. */
const openKept = async (deps: IndexUpdaterDeps): Promise<HeldIndex | undefined> => {
  const bytes = await deps.snapshots.read(keptName('listeners'))
  if (bytes === undefined) return undefined
  const kept = decodeKeptIndex(bytes)
  const opened = kept === undefined ? 'it is none' : await openIfOurs(deps, kept)
  if (typeof opened !== 'string') return opened
  deps.onFault('The kept search index is not used; it is built anew from the catalog.', new Error(opened))
  return undefined
}

/** A text says why not. */
const openIfOurs = async (deps: IndexUpdaterDeps, { about, snapshot }: KeptIndex): Promise<HeldIndex | string> => {
  if (about.audience !== 'listeners' || (await deps.source.markAt(about.sequence)) !== about.mark)
    return 'it belongs to another catalog'
  if ((await deps.source.newest()).sequence - about.sequence > mostLinesBehind) return 'it is too far behind'
  const opened = deps.open(snapshot)
  if (opened.kind === 'refused') return opened.reason
  return opened.sequence === about.sequence
    ? { index: opened.index, sequence: opened.sequence, builtAt: about.builtAt }
    : 'its header tells of another'
}

const follow = async (deps: IndexUpdaterDeps, held: HeldIndex): Promise<void> => {
  for (;;) {
    const { changes, last, isLast } = await readChanges(
      deps.source,
      { after: held.sequence, limit: linesAtOnce, today: dayOf(deps.clock.now()) },
      'listeners',
    )
    if (changes.length > 0) held.index.apply(changes)
    held.sequence = last
    if (isLast) return
  }
}

/** Resolves when the feed has grown, and after a while in any case. */
const news = async ({ source, clock }: IndexUpdaterDeps, sequence: number, signal: AbortSignal): Promise<void> => {
  const round = new AbortController()
  const either = AbortSignal.any([round.signal, signal])
  const waits = [source.changed(sequence, either), clock.after(pollMs, either)]
  try {
    await Promise.race(waits)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    round.abort()
    void Promise.allSettled(waits)
  }
}
