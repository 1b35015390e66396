import type { OpenedIndex, SearchIndex } from '@tonestead/search-index/search-index'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { Clock } from '../ports/clock.ts'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import type { BuiltIndex } from './build-index.ts'
import { documentOf } from './document-of.ts'
import { decodeKeptIndex, keptName, type KeptIndex } from './kept-index.ts'
import { dayOf, hasOtherWeight } from './popularity.ts'
import { readChanges, readItems } from './read-catalog.ts'

export type HeldIndex = { readonly index: SearchIndex; readonly builtAt: number; sequence: number }

export type KeeperDeps = {
  readonly source: SearchSource
  readonly snapshots: IndexSnapshots
  readonly clock: Clock
  /** Elsewhere, and only one at a time. */
  readonly build: (signal: AbortSignal) => Promise<BuiltIndex>
  readonly open: (snapshot: Bytes) => OpenedIndex
  /** False after an index that was read from disk brought the thread down. */
  readonly isKeptTrusted: boolean
  onState(held: HeldIndex, isBuilding: boolean): void
  onFault(message: string, fault: unknown): void
}

const linesAtOnce = 500
/** An index that is further behind is sooner built than followed. */
const mostLinesBehind = 20_000
/** The feed rings; this is for changes that came by another process. */
const pollMs = 1000
const playsEveryMs = 180_000
/**
 * Built anew when more has come since than this share of the index, and some thousands of documents in any case. What has come since is joined with
 * what comes, which holds up searches: the less there is, the shorter.
 */
const pendingShare = 0.01
const leastPending = 2000
const dayMs = 86_400_000
const rebuildPauseMs = 60_000
/** A build is followed by a pause of so many times its length. */
const pauseRatio = 4

/** Keeps one index in step with the catalog. `run` ends when the signal aborts; whatever else ends it is a fault. */
export const createIndexKeeper = (deps: KeeperDeps) => {
  let held: HeldIndex | undefined
  let isRebuildAsked = false
  let wake: () => void = () => undefined
  const openFirst = async (signal: AbortSignal): Promise<HeldIndex> => (deps.isKeptTrusted ? await openKept(deps) : undefined) ?? openBuilt(deps, await deps.build(signal))
  const run = async (signal: AbortSignal): Promise<void> => {
    const rebuilding = createRebuilding(deps, () => { wake() })
    const plays = createPlaysRefresh(deps)
    let current = await openFirst(signal)
    while (!signal.aborted) {
      await follow(deps, current)
      const built = rebuilding.take()
      // Caught up before it takes the place: nothing that was found is missed meanwhile.
      if (built !== undefined) await follow(deps, built)
      current = built ?? current
      await plays.refresh(current)
      held = current
      if (isRebuildAsked || isDue(current, deps.clock.now())) rebuilding.begin(signal)
      isRebuildAsked = false
      deps.onState(current, rebuilding.isAtWork())
      await news(current.sequence, signal)
    }
  }
  const news = async (sequence: number, signal: AbortSignal): Promise<void> => {
    const round = new AbortController()
    const either = AbortSignal.any([round.signal, signal])
    const woken = new Promise<void>((resolve) => { wake = resolve })
    const waits = [deps.source.changed(sequence, either), deps.clock.after(pollMs, either), woken]
    try {
      await Promise.race(waits)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      round.abort()
      void Promise.allSettled(waits.slice(0, 2))
    }
  }
  return {
    held: (): HeldIndex | undefined => held,
    /** Soon, however little has changed. */
    rebuild: (): void => {
      isRebuildAsked = true
      wake()
    },
    run,
  }
}
export type IndexKeeper = ReturnType<typeof createIndexKeeper>

const openBuilt = (deps: KeeperDeps, built: BuiltIndex): HeldIndex => {
  if (built.unkept !== undefined) deps.onFault('The search index could not be written to disk.', new Error(built.unkept))
  const opened = deps.open(built.snapshot)
  if (opened.kind === 'refused') throw new Error(`a search index that was just built is ${opened.reason}`)
  return { index: opened.index, sequence: opened.sequence, builtAt: built.about.builtAt }
}

/** Undefined: there is none that may be used. */
const openKept = async (deps: KeeperDeps): Promise<HeldIndex | undefined> => {
  const bytes = await deps.snapshots.read(keptName('listener'))
  if (bytes === undefined) return undefined
  const kept = decodeKeptIndex(bytes)
  const opened = kept === undefined ? 'it is none' : await openIfOurs(deps, kept)
  if (typeof opened !== 'string') return opened
  deps.onFault('The kept search index is not used; it is built anew from the catalog.', new Error(opened))
  return undefined
}

/** A text says why not. */
const openIfOurs = async (deps: KeeperDeps, { about, snapshot }: KeptIndex): Promise<HeldIndex | string> => {
  if (about.audience !== 'listener' || (await deps.source.markAt(about.sequence)) !== about.mark) return 'it belongs to another catalog'
  if ((await deps.source.newest()).sequence - about.sequence > mostLinesBehind) return 'it is too far behind'
  const opened = deps.open(snapshot)
  if (opened.kind === 'refused') return opened.reason
  return opened.sequence === about.sequence ? { index: opened.index, sequence: opened.sequence, builtAt: about.builtAt } : 'its header tells of another'
}

const follow = async (deps: KeeperDeps, held: HeldIndex): Promise<void> => {
  for (;;) {
    const { changes, last, isLast } = await readChanges(deps.source, { after: held.sequence, limit: linesAtOnce, today: dayOf(deps.clock.now()) }, 'listener')
    if (changes.length > 0) held.index.apply(changes)
    held.sequence = last
    if (isLast) return
  }
}

const documentCount = ({ index }: HeldIndex): number => index.count('track') + index.count('release') + index.count('artist')

const isDue = (held: HeldIndex, now: number): boolean => {
  const pending = held.index.pendingCount()
  return pending > Math.max(leastPending, pendingShare * documentCount(held)) || (pending > 0 && now - held.builtAt > dayMs)
}

/** At most one build at a time, and after a failed one a pause. */
const createRebuilding = (deps: KeeperDeps, onBuilt: () => void) => {
  let built: HeldIndex | undefined
  let isAtWork = false
  let notBefore = 0
  const build = async (signal: AbortSignal): Promise<void> => {
    const beganAt = deps.clock.now()
    try {
      built = openBuilt(deps, await deps.build(signal))
      notBefore = deps.clock.now() + pauseRatio * (deps.clock.now() - beganAt)
      onBuilt()
    } catch (error) {
      notBefore = deps.clock.now() + rebuildPauseMs
      if (!signal.aborted) deps.onFault('The search index could not be built anew.', error)
    } finally {
      isAtWork = false
    }
  }
  return {
    begin: (signal: AbortSignal): void => {
      if (isAtWork || built !== undefined || deps.clock.now() < notBefore) return
      isAtWork = true
      void build(signal)
    },
    isAtWork: () => isAtWork,
    take: (): HeldIndex | undefined => {
      const taken = built
      built = undefined
      return taken
    },
  }
}

/** Weighs anew what was played, now and then; a play is no change of the catalog. */
const createPlaysRefresh = (deps: KeeperDeps) => {
  let refreshedAt: number | undefined
  return {
    refresh: async (held: HeldIndex): Promise<void> => {
      const now = deps.clock.now()
      if (now - (refreshedAt ?? held.builtAt) < playsEveryMs) return
      const keys = await deps.source.playedSince(dayOf(refreshedAt ?? held.builtAt))
      refreshedAt = now
      for (let start = 0; start < keys.length; start += linesAtOnce) {
        const documents = (await readItems(deps.source, keys.slice(start, start + linesAtOnce), dayOf(now))).map(documentOf)
        const news = documents.filter(({ kind, id, popularity }) => hasOtherWeight(held.index.document(kind, id)?.popularity ?? -1, popularity))
        if (news.length > 0) held.index.apply(news.map((document) => ({ change: 'put', document })))
      }
    },
  }
}
