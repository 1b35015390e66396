import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules } from '../../ports/log-rules.ts'
import type { LogHead, LogStore, RelayMessage } from '../../ports/log-store.ts'
import { countWithin } from '../count-within.ts'
import { createOutcomes, groupByCollection } from '../group-by-collection.ts'
import { judgeGroup, type Placement, type SeqOf } from '../judge-group.ts'

/** A disk in memory: what was not synced is lost in a crash, and every process that has it open fails then. */
export type MemoryLogDisk = {
  /** Opens the store for one process of a relay. */
  open(): LogStore
  /** Makes everything durable that was appended: appends resolve after it. Only with `syncs: 'by-hand'`. */
  sync(): void
  /** Loses what was not synced. Appends that wait for it reject, and so does every later call of the stores that are open. */
  crash(): void
}

type Log = { readonly items: readonly Placement[]; readonly seqs: ReadonlyMap<ItemId, number> }
type Disk = {
  readonly logs: Map<CollectionId, Log>
  readonly parts: Map<string, Bytes>
  readonly admitted: Set<AccountId>
  readonly relay: { key: string | undefined }
}

const noLog: Log = { items: [], seqs: new Map() }
const copyOf = ({ logs, parts, admitted, relay }: Disk): Disk => ({
  logs: new Map(logs),
  parts: new Map(parts),
  admitted: new Set(admitted),
  relay: { ...relay },
})
const stateAt = ({ items }: Log, seq: number): MembershipState | undefined =>
  items.slice(0, seq).findLast(({ state }) => state !== undefined)?.state

/** Makes an empty disk. `syncs`: at each append, or when `sync` is called. */
export const createMemoryLogDisk = (deps: {
  readonly rules: LogRules
  readonly syncs: 'at-once' | 'by-hand'
}): MemoryLogDisk => {
  let working: Disk = { logs: new Map(), parts: new Map(), admitted: new Set(), relay: { key: undefined } }
  let durable = copyOf(working)
  let waiting: { resolve: () => void; reject: (reason: Error) => void }[] = []
  let generation = 0
  const listeners = new Map<object, (message: RelayMessage) => void>()
  const sync = (): void => {
    durable = copyOf(working)
    for (const { resolve } of waiting.splice(0)) resolve()
  }
  const synced = (): Promise<void> => {
    if (deps.syncs === 'at-once') sync()
    return deps.syncs === 'at-once'
      ? Promise.resolve()
      : new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }
  const crash = (): void => {
    generation += 1
    working = copyOf(durable)
    const lost = waiting
    waiting = []
    listeners.clear()
    for (const { reject } of lost) reject(new Error('the disk crashed before it was synced'))
  }
  const open = (): LogStore => {
    const opened = generation
    const self = {}
    const disk = (which: 'working' | 'durable'): Disk => {
      if (opened !== generation) throw new Error('this store was open when the disk crashed')
      return which === 'working' ? working : durable
    }
    const tellOthers = (message: RelayMessage): void => {
      for (const [owner, listener] of listeners) if (owner !== self) queueMicrotask(() => listener(message))
    }
    return createStore({ rules: deps.rules, disk, synced, tellOthers, listen: (on) => void listeners.set(self, on) })
  }
  return { open, sync, crash }
}

type StoreDeps = {
  readonly rules: LogRules
  readonly disk: (which: 'working' | 'durable') => Disk
  readonly synced: () => Promise<void>
  readonly tellOthers: (message: RelayMessage) => void
  readonly listen: (onMessage: (message: RelayMessage) => void) => void
}

const createStore = (deps: StoreDeps): LogStore => {
  const logOf = (collection: CollectionId): Log => deps.disk('durable').logs.get(collection) ?? noLog
  return {
    ...createMemoryAppend(deps),
    ...createMemoryParts(deps),
    ...createMemorySnapshots(deps),
    head: (collection) => inPromise(() => headOf(collection, logOf(collection))),
    read: ({ collection, after, most, mostBytes }) =>
      inPromise(() => {
        const items = logOf(collection).items.slice(after, after + most)
        return items
          .slice(
            0,
            countWithin(
              items.map(({ item }) => item.bytes.length),
              mostBytes,
            ),
          )
          .map(({ seq, item: { id, bytes } }) => ({ seq, id, bytes }))
      }),
    placeOf: (collection, id) =>
      inPromise(() => {
        const seq = logOf(collection).seqs.get(id)
        return seq !== undefined && logOf(collection).items[seq - 1]?.item.id === id ? seq : undefined
      }),
    chainAt: (collection, seq) =>
      inPromise(() => (seq === 0 ? deps.rules.firstChain(collection) : logOf(collection).items[seq - 1]?.chain)),
    departureOf: (collection, device) =>
      inPromise(() => logOf(collection).items.findLast(({ departed }) => departed.includes(device))?.seq),
    publish: (message) => inPromise(() => deps.tellOthers(message)),
    listen: (onMessage) => inPromise(() => deps.listen(onMessage)),
    close: () => Promise.resolve(),
  }
}

const createMemoryAppend = (deps: StoreDeps): Pick<LogStore, 'append'> => ({
  append: async (items) => {
    const { logs } = deps.disk('working')
    const outcomes = createOutcomes()
    const changed: CollectionId[] = []
    for (const group of groupByCollection(items)) {
      const { collection } = group
      const log = logs.get(collection) ?? noLog
      const judged = judgeGroup(deps.rules, readsOf(deps.rules, logs, collection), group.items)
      outcomes.put(group, judged.outcomes)
      const { keeps, placements } = judged.change
      if (placements.length === 0) continue
      changed.push(collection)
      const kept = [...log.items.slice(0, keeps), ...placements]
      logs.set(collection, { items: kept, seqs: new Map(kept.map(({ seq, item }) => [item.id, seq])) })
    }
    const heads = changed.flatMap((collection) => headOf(collection, logs.get(collection) ?? noLog) ?? [])
    await deps.synced()
    for (const collection of changed) deps.tellOthers({ kind: 'changed', collection })
    return { outcomes: outcomes.all(), heads }
  },
})

const createMemoryParts = ({ disk, synced }: StoreDeps) => ({
  putPart: async (collection: CollectionId, hash: string, bytes: Bytes): Promise<'stored' | 'unknown'> => {
    const { logs, parts } = disk('working')
    if (!isNamed(logs, collection, { hash, size: bytes.length })) return 'unknown'
    parts.set(`${collection} ${hash}`, bytes)
    await synced()
    return 'stored'
  },
  getPart: (collection: CollectionId, hash: string) =>
    inPromise(() => {
      const { logs, parts } = disk('durable')
      const bytes = parts.get(`${collection} ${hash}`)
      return bytes !== undefined && isNamed(logs, collection, { hash, size: bytes.length }) ? bytes : undefined
    }),
  admit: async (account: AccountId): Promise<void> => {
    disk('working').admitted.add(account)
    await synced()
  },
  belongsTo: async (relayKey: string): Promise<boolean> => {
    const { relay } = disk('working')
    relay.key ??= relayKey
    await synced()
    return relay.key === relayKey
  },
  isAdmitted: (account: AccountId) => inPromise(() => disk('durable').admitted.has(account)),
})

const createMemorySnapshots = ({ disk, synced, rules }: StoreDeps): Pick<LogStore, 'snapshots' | 'dropBodies'> => ({
  snapshots: (collection) =>
    inPromise(() => {
      const { logs, parts } = disk('durable')
      return (logs.get(collection) ?? noLog).items.flatMap(({ seq, item: { id, bytes, item } }) => {
        if (item.kind !== 'snapshot' && item.kind !== 'confirmation') return []
        const named = item.kind === 'snapshot' ? item.header.parts : []
        return [{ seq, id, bytes, isComplete: named.every(({ hash }) => parts.has(`${collection} ${hash}`)) }]
      })
    }),
  dropBodies: async ({ collection, document, upTo, keeps }) => {
    const { logs } = disk('working')
    const log = logs.get(collection) ?? noLog
    let dropped = 0
    const items = log.items.map((placement) => {
      const { seq, item } = placement
      const isOld = seq <= upTo && item.item.kind === 'envelope' && item.item.header.document === document
      if (!isOld || keeps.has(item.id)) return placement
      const bytes = rules.withoutBody(item.bytes)
      if (bytes.length === item.bytes.length) return placement
      dropped += 1
      return { ...placement, item: { ...item, bytes } }
    })
    if (dropped > 0) logs.set(collection, { items, seqs: log.seqs })
    await synced()
    return dropped
  },
})

/** Does a snapshot in the log name such a part? */
const isNamed = (
  logs: ReadonlyMap<CollectionId, Log>,
  collection: CollectionId,
  { hash, size }: { readonly hash: string; readonly size: number },
): boolean =>
  (logs.get(collection) ?? noLog).items.some(
    ({ item: { item } }) =>
      item.kind === 'snapshot' && item.header.parts.some((part) => part.hash === hash && part.bytes === size),
  )

const headOf = (collection: CollectionId, log: Log): LogHead | undefined => {
  const last = log.items.at(-1)
  const state = stateAt(log, log.items.length)
  return last === undefined || state === undefined
    ? undefined
    : { collection, length: last.seq, chain: last.chain, state }
}

const readsOf = (
  rules: LogRules,
  logs: ReadonlyMap<CollectionId, Log>,
  collection: CollectionId,
): LogReads & { readonly seqOf: SeqOf } => {
  const log = logs.get(collection) ?? noLog
  const chainAt = (seq: number) => (seq === 0 ? rules.firstChain(collection) : log.items[seq - 1]?.chain)
  return {
    collection,
    length: log.items.length,
    chain: chainAt(log.items.length) ?? rules.firstChain(collection),
    now: stateAt(log, log.items.length),
    chainAt,
    stateAt: (seq) => stateAt(log, seq),
    lastOfDevice: (device) => lastOfDevice(log, device),
    isLogged: (id) => log.seqs.has(id),
    seqOf: (id) => log.seqs.get(id),
    isLoggedIn: (other, id) => (logs.get(other) ?? noLog).seqs.has(id),
    stateOf: (other) => stateAt(logs.get(other) ?? noLog, Infinity),
  }
}

const lastOfDevice = ({ items }: Log, device: DeviceId) => {
  for (const { item } of items.toReversed())
    if (item.item.kind === 'envelope' && item.item.header.device === device) {
      const { feed, number, seen } = item.item.header
      return { device, feed, number, id: item.id, seenSeq: seen.seq }
    }
  return undefined
}

/** A fault becomes a rejection, as in the other adapters. */
const inPromise = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()))
