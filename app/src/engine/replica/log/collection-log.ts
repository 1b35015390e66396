import type { DeviceId } from '@tonestead/crdt/ids'
import { firstChain } from '@tonestead/protocol/sync/derived-ids'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { DeviceRecord, LogFacts, MembershipState } from '@tonestead/protocol/sync/log-state'
import type { ChainHash, CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'

/** An item with its place, without the body of an envelope: bodies stay in the journal. */
export type LoggedItem = { readonly seq: number; readonly chain: ChainHash; readonly item: LogItem }

/** The log of a collection as far as it has been read: headers in memory. Seq counts from 1; 0 is the beginning. */
export type CollectionLog = {
  readonly length: () => number
  readonly at: (seq: number) => LoggedItem | undefined
  /** Undefined beyond the end. */
  readonly chainAt: (seq: number) => ChainHash | undefined
  readonly stateAt: (seq: number) => MembershipState | undefined
  readonly now: () => MembershipState | undefined
  readonly placeOf: (id: ItemId) => number | undefined
  readonly lastOfDevice: (device: DeviceId) => DeviceRecord | undefined
  /** Places of the items that changed the membership, in order. */
  readonly membershipPlaces: () => readonly number[]
  /** What a check of this item may ask. */
  readonly facts: (item: LogItem, pendingEnvelope: LogFacts['pendingEnvelope']) => LogFacts
  /** Appends an item whose chain hash is known. `state`: the membership after it, when it is a membership item. */
  readonly append: (added: Added) => LoggedItem
  /** Takes away what lies behind this place and gives it, in order. */
  readonly cut: (length: number) => readonly LoggedItem[]
}

type Added = { readonly item: LogItem; readonly chain: ChainHash; readonly state: MembershipState | undefined }
type StateAt = { readonly seq: number; readonly state: MembershipState }

export const createCollectionLog = (collection: CollectionId): CollectionLog => {
  const items: LoggedItem[] = []
  /** Membership after each membership item; the last one is current. */
  const states: StateAt[] = []
  const places = new Map<ItemId, number>()
  const devices = new Map<DeviceId, DeviceRecord>()

  const chainAt = (seq: number): ChainHash | undefined => (seq === 0 ? firstChain(collection) : items[seq - 1]?.chain)
  const stateAt = (seq: number): MembershipState | undefined => states.findLast((state) => state.seq <= seq)?.state
  const index = ({ item, seq }: LoggedItem): void => {
    places.set(item.id, seq)
    if (item.kind === 'envelope') devices.set(item.header.device, deviceRecordOf(item))
  }
  const facts = (item: LogItem, pendingEnvelope: LogFacts['pendingEnvelope']): LogFacts => {
    const named = namedPlace(item)
    const chain = named === undefined ? undefined : chainAt(named)
    return {
      collection,
      length: items.length,
      now: states.at(-1)?.state,
      named: named === undefined || chain === undefined ? undefined : { state: stateAt(named), chain },
      lastOfDevice: devices.get(item.header.device),
      isLogged: (id) => places.has(id),
      pendingEnvelope,
    }
  }
  const append = ({ item, chain, state }: Added): LoggedItem => {
    const logged = { seq: items.length + 1, chain, item: withoutBody(item) }
    items.push(logged)
    if (state !== undefined) states.push({ seq: logged.seq, state })
    index(logged)
    return logged
  }
  const cut = (length: number): readonly LoggedItem[] => {
    const tail = items.splice(length)
    const kept = states.findLastIndex(({ seq }) => seq <= length)
    states.splice(kept + 1)
    places.clear()
    devices.clear()
    items.forEach(index)
    return tail
  }
  return {
    length: () => items.length,
    at: (seq) => items[seq - 1],
    chainAt,
    stateAt,
    now: () => states.at(-1)?.state,
    placeOf: (id) => places.get(id),
    lastOfDevice: (device) => devices.get(device),
    membershipPlaces: () => states.map(({ seq }) => seq),
    facts,
    append,
    cut,
  }
}

/** An envelope as the order of its device needs it. */
export const deviceRecordOf = ({ id, header }: Extract<LogItem, { kind: 'envelope' }>): DeviceRecord => ({
  device: header.device,
  feed: header.feed,
  number: header.number,
  id,
  seenSeq: header.seen.seq,
})

const withoutBody = (item: LogItem): LogItem => (item.kind === 'envelope' ? { ...item, body: undefined } : item)

const namedPlace = (item: LogItem): number | undefined => {
  switch (item.kind) {
    case 'envelope':
      return item.header.seen.seq
    case 'snapshot':
      return item.header.place.seq
    case 'membership':
      return item.header.operation.kind === 're-homed' ? item.header.operation.keeps.seq : undefined
  }
}
