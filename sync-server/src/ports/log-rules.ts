import type { DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { DeviceRecord, MembershipState, Verdict } from '@tonestead/protocol/sync/log-state'
import type { VerifiedItem, VerifiedMembership } from '@tonestead/protocol/sync/log/verified-item'
import type { ChainHash, CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'

// What decides whether an item gets a place. A store calls it inside its transaction, with what it read there.

/** An item whose signatures hold, and that wants a place. */
export type SignedItem = {
  readonly collection: CollectionId
  readonly id: ItemId
  /** As `writeItem` writes it. Stored as it is. */
  readonly bytes: Bytes
  readonly item: VerifiedItem
  /** When the relay received it, in milliseconds since 1970. */
  readonly at: number
}

/** One log as a transaction sees it. All lookups are synchronous: a store reads what `neededFor` names before it starts. */
export type LogReads = {
  readonly collection: CollectionId
  readonly length: number
  readonly chain: ChainHash
  /** Membership after the last item. */
  readonly now: MembershipState | undefined
  /** The chain hash at a place; undefined beyond the end. */
  readonly chainAt: (seq: number) => ChainHash | undefined
  /** Membership at a place. */
  readonly stateAt: (seq: number) => MembershipState | undefined
  readonly lastOfDevice: (device: DeviceId) => DeviceRecord | undefined
  readonly isLogged: (id: ItemId) => boolean
  /** Is the item in another log of this store? */
  readonly isLoggedIn: (collection: CollectionId, id: ItemId) => boolean
  /** Newest membership of a personal collection in this store. */
  readonly stateOf: (collection: CollectionId) => MembershipState | undefined
}

/** What a check reads of the log besides its end: `seq` is the place that the item names (`seen`, `place`, `keeps`). */
export type NeededFacts = {
  readonly seq: number | undefined
  readonly device: DeviceId
  readonly ids: readonly ItemId[]
  /** Other logs whose newest membership is asked for, and an item that is asked for in one of them. */
  readonly others: readonly CollectionId[]
  readonly elsewhere: { readonly collection: CollectionId; readonly id: ItemId } | undefined
}

/** The rules of the log, for every store. All functions are pure. */
export type LogRules = {
  /** `now`: the membership after the last item. */
  readonly neededFor: (item: VerifiedItem, now: MembershipState | undefined) => NeededFacts
  readonly check: (log: LogReads, item: SignedItem) => Verdict
  /** Membership after an item got its place. */
  readonly fold: (state: MembershipState | undefined, verified: VerifiedMembership, seq: number) => MembershipState
  readonly firstChain: (collection: CollectionId) => ChainHash
  readonly nextChain: (chain: ChainHash, id: ItemId) => ChainHash
  readonly writeState: (state: MembershipState) => string
  readonly readState: (text: string) => MembershipState
  /** The bytes of an envelope without its body. */
  readonly withoutBody: (bytes: Bytes) => Bytes
}
