import type { DeviceId } from '@tonestead/crdt/ids'
import { firstChain } from '../derived-ids.ts'
import type { DeviceRecord, LogFacts, MembershipState, Verdict } from '../log-state.ts'
import type { ChainHash, CollectionId, ItemId } from '../sync-ids.ts'
import { checkItem, namedPlaceOf } from './check-item.ts'
import { foldMembership } from './fold-membership.ts'
import type { RelayKnowledge } from './relay-knowledge.ts'
import type { VerifiedItem } from './verified-item.ts'

/** An item of the log without its contents: what checks of later items need. Of a stored log, this is what a store keeps of each item. */
export type LogEntry = {
  readonly id: ItemId
  readonly chain: ChainHash
  /** Envelopes. */
  readonly record: DeviceRecord | undefined
  /** Membership items: the membership after the item. */
  readonly state: MembershipState | undefined
}

/** An index of a log in memory. Places count from 1; place 0 is before the first item. */
export type MemoryLog = {
  readonly collection: CollectionId
  readonly length: () => number
  /** Membership after the last item; undefined while the log is empty. */
  readonly now: () => MembershipState | undefined
  /** Membership after a place. Throws a RangeError beyond the end. */
  readonly stateAt: (seq: number) => MembershipState | undefined
  /** Chain hash at a place. Throws a RangeError beyond the end. */
  readonly chainAt: (seq: number) => ChainHash
  readonly entryAt: (seq: number) => LogEntry | undefined
  /** The place of an item. */
  readonly seqOf: (id: ItemId) => number | undefined
  /** The last envelope of a device. */
  readonly lastOfDevice: (device: DeviceId) => DeviceRecord | undefined
  /** What a check of this item needs to know. `end`: as if the log ended there [LH3]; by default its end. */
  readonly factsFor: (item: VerifiedItem, end?: number) => LogFacts
  readonly check: (item: VerifiedItem, knowledge?: RelayKnowledge) => Verdict
  /** Appends an item that `check` accepts, and gives its place. `chain`: `nextChain` of the chain hash at the end and the item's id. */
  readonly append: (item: VerifiedItem, chain: ChainHash) => number
  /** Appends an entry of a stored log. */
  readonly restore: (entry: LogEntry) => number
  /** [LH3] Drops everything behind a place and gives it back, in order. */
  readonly truncate: (seq: number) => readonly LogEntry[]
}

type Deps = {
  readonly collection: CollectionId
  /** Replicas: envelopes that are pending. */
  readonly pendingEnvelope?: LogFacts['pendingEnvelope'] | undefined
}

type Index = {
  readonly entries: LogEntry[]
  readonly places: Map<ItemId, number>
  /** Places after which the membership changed, ascending. */
  readonly changes: { readonly seq: number; readonly state: MembershipState }[]
  /** The envelopes of each device, in order. */
  readonly records: Map<DeviceId, DeviceRecord[]>
}

/** An empty log of a collection. Checks and fold are those of relay and replica. */
export const createMemoryLog = ({ collection, pendingEnvelope = () => undefined }: Deps): MemoryLog => {
  const index: Index = { entries: [], places: new Map(), changes: [], records: new Map() }
  const length = (): number => index.entries.length
  const stateAt = (seq: number): MembershipState | undefined => findState(index, inside(seq, length()))
  const chainAt = (seq: number): ChainHash =>
    inside(seq, length()) === 0 ? firstChain(collection) : (index.entries[seq - 1] as LogEntry).chain
  const lastOfDevice = (device: DeviceId, end: number): DeviceRecord | undefined =>
    index.records.get(device)?.findLast(({ id }) => isWithin(index, id, end))
  const factsFor = (item: VerifiedItem, end = length()): LogFacts => {
    const named = namedPlaceOf(item)
    return {
      collection,
      length: end,
      now: stateAt(end),
      named: named > end ? undefined : { state: stateAt(named), chain: chainAt(named) },
      lastOfDevice: lastOfDevice(item.header.device, end),
      isLogged: (id) => isWithin(index, id, end),
      pendingEnvelope,
    }
  }
  return {
    collection,
    length,
    now: () => stateAt(length()),
    stateAt,
    chainAt,
    entryAt: (seq) => index.entries[seq - 1],
    seqOf: (id) => index.places.get(id),
    lastOfDevice: (device) => lastOfDevice(device, length()),
    factsFor,
    check: (item, knowledge) => checkItem(factsFor(item), item, knowledge),
    append: (item, chain) => place(index, entryOf(item, chain, { now: stateAt(length()), seq: length() + 1 })),
    restore: (entry) => place(index, entry),
    truncate: (seq) => truncate(index, inside(seq, length())),
  }
}

const inside = (seq: number, length: number): number => {
  if (!Number.isInteger(seq) || seq < 0 || seq > length) throw new RangeError(`no place ${seq} in a log of ${length}`)
  return seq
}

const isWithin = ({ places }: Index, id: ItemId, end: number): boolean => (places.get(id) ?? Infinity) <= end

/** The newest state at or before a place, by binary search: a log has many envelopes for each membership item. */
const findState = ({ changes }: Index, seq: number): MembershipState | undefined => {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle]?.seq ?? Infinity) <= seq) low = middle + 1
    else high = middle
  }
  return changes[low - 1]?.state
}

const entryOf = (
  item: VerifiedItem,
  chain: ChainHash,
  { now, seq }: { readonly now: MembershipState | undefined; readonly seq: number },
): LogEntry => ({
  id: item.id,
  chain,
  record: item.kind === 'envelope' ? recordOf(item) : undefined,
  state: item.kind === 'membership' ? foldMembership(now, item, seq) : undefined,
})

/** An envelope as far as the order of its device needs it. */
export const recordOf = ({ id, header }: Extract<VerifiedItem, { kind: 'envelope' }>): DeviceRecord => ({
  device: header.device,
  feed: header.feed,
  number: header.number,
  id,
  seenSeq: header.seen.seq,
})

const place = (index: Index, entry: LogEntry): number => {
  const seq = index.entries.push(entry)
  index.places.set(entry.id, seq)
  if (entry.state !== undefined) index.changes.push({ seq, state: entry.state })
  if (entry.record !== undefined) {
    const records = index.records.get(entry.record.device)
    if (records === undefined) index.records.set(entry.record.device, [entry.record])
    else records.push(entry.record)
  }
  return seq
}

const truncate = (index: Index, seq: number): readonly LogEntry[] => {
  const dropped = index.entries.splice(seq)
  for (const { id, record } of dropped) {
    index.places.delete(id)
    if (record !== undefined) index.records.get(record.device)?.pop()
  }
  while ((index.changes.at(-1)?.seq ?? 0) > seq) index.changes.pop()
  return dropped
}
