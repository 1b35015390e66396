import type { DeviceId } from '@tonestead/crdt/ids'
import type { DeviceRecord, MembershipState } from '@tonestead/protocol/sync/log-state'
import { keptPlaceOf } from '@tonestead/protocol/sync/log/re-homing'
import type { ChainHash, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules, SignedItem } from '../ports/log-rules.ts'
import type { AppendOutcome } from '../ports/log-store.ts'

// The append of a group to one log, as every adapter does it inside its transaction.

/** An item with the place it gets. `state`: the membership after it, of membership items. `departed`: devices that it took away. */
export type Placement = {
  readonly item: SignedItem
  readonly seq: number
  readonly chain: ChainHash
  readonly state: MembershipState | undefined
  readonly departed: readonly DeviceId[]
}

/** What to write: first drop everything behind `keeps`, then add the placements. */
export type GroupChange = {
  readonly keeps: number
  readonly placements: readonly Placement[]
  readonly length: number
  readonly chain: ChainHash
  readonly now: MembershipState | undefined
}

/** A lookup of the place that an item already has. */
export type SeqOf = (id: ItemId) => number | undefined

/** Judges the items of one log in order; each sees those before it. Throws a TypeError for a group with an item that cuts the log and others. */
export const judgeGroup = (
  rules: LogRules,
  log: LogReads & { readonly seqOf: SeqOf },
  items: readonly SignedItem[],
): { readonly outcomes: readonly AppendOutcome[]; readonly change: GroupChange } => {
  const overlay = createOverlay(log)
  const outcomes = items.map((item): AppendOutcome => {
    const known = overlay.seqOf(item.id)
    if (known !== undefined) return { kind: 'duplicate', seq: known }
    const keeps = cutOf(item) ?? Infinity
    const isCut = keeps < log.length
    if (isCut && items.length > 1) throw new TypeError('an item that cuts the log must be alone in its group')
    const verdict = rules.check(isCut ? overlay.readsUpTo(keeps) : overlay.reads(), item)
    if (verdict.kind !== 'ok') return { kind: 'refused', verdict }
    if (isCut) overlay.cut(keeps)
    return { kind: 'placed', seq: overlay.place(rules, item) }
  })
  return { outcomes, change: overlay.change() }
}

/** The place up to which the log is kept, of the one operation that cuts it. */
const cutOf = ({ item }: SignedItem): number | undefined => (item.kind === 'membership' ? keptPlaceOf(item) : undefined)

const createOverlay = (log: LogReads & { readonly seqOf: SeqOf }) => {
  const placements: Placement[] = []
  const seqs = new Map<ItemId, number>()
  const devices = new Map<DeviceId, DeviceRecord>()
  let keeps = log.length
  let { chain, now } = log
  const length = (): number => keeps + placements.length
  const placed = (seq: number): Placement | undefined => placements[seq - keeps - 1]
  const stateAt = (seq: number): MembershipState | undefined =>
    placements.slice(0, Math.max(0, seq - keeps)).findLast(({ state }) => state !== undefined)?.state ??
    log.stateAt(Math.min(seq, keeps))
  const seqOf = (id: ItemId): number | undefined => {
    const before = log.seqOf(id)
    return seqs.get(id) ?? (before !== undefined && before <= keeps ? before : undefined)
  }
  const reads = (): LogReads => ({
    ...log,
    length: length(),
    chain,
    now,
    chainAt: (seq) => (seq > length() ? undefined : (placed(seq)?.chain ?? log.chainAt(seq))),
    stateAt,
    lastOfDevice: (device) => devices.get(device) ?? log.lastOfDevice(device),
    isLogged: (id) => seqOf(id) !== undefined,
  })
  return {
    seqOf,
    reads,
    /** As if the log ended at this place. What is behind it is not looked up again: a re-homing names no envelope. */
    readsUpTo: (place: number): LogReads => ({
      ...reads(),
      length: place,
      now: log.stateAt(place),
      chain: log.chainAt(place) ?? log.chain,
      isLogged: (id) => (log.seqOf(id) ?? Infinity) <= place,
    }),
    cut: (place: number): void => {
      keeps = place
      now = log.stateAt(place)
      chain = log.chainAt(place) ?? chain
    },
    place: (rules: LogRules, item: SignedItem): number => {
      const seq = length() + 1
      const before = now
      chain = rules.nextChain(chain, item.id)
      const state = item.item.kind === 'membership' ? rules.fold(now, item.item, seq) : undefined
      now = state ?? now
      placements.push({ item, seq, chain, state, departed: departedOf(before, state) })
      seqs.set(item.id, seq)
      const record = deviceRecordOf(item)
      if (record !== undefined) devices.set(record.device, record)
      return seq
    },
    change: (): GroupChange => ({ keeps, placements, length: length(), chain, now }),
  }
}

const deviceRecordOf = ({ item }: SignedItem): DeviceRecord | undefined =>
  item.kind === 'envelope'
    ? {
        device: item.header.device,
        feed: item.header.feed,
        number: item.header.number,
        id: item.id,
        seenSeq: item.header.seen.seq,
      }
    : undefined

const devicesIn = (state: MembershipState | undefined): readonly DeviceId[] =>
  state === undefined ? [] : [...state.members.values()].flatMap(({ devices }) => [...devices.keys()])

const departedOf = (before: MembershipState | undefined, after: MembershipState | undefined): readonly DeviceId[] => {
  if (after === undefined) return []
  const standing = new Set(devicesIn(after))
  return devicesIn(before).filter((device) => !standing.has(device))
}
