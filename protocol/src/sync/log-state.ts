import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { AgreementJwk, SigningJwk } from '../device-log.ts'
import type { HomeRelay, MemberDevice, Role } from './membership.ts'
import type { ChainHash, CollectionId, EpochId, FeedId, ItemId } from './sync-ids.ts'

// Membership as a fold over the log: no clock, no ties. Shared by relay and replica.

/** A device of a member, and the place since which it has stood without a break. */
export type StandingDevice = MemberDevice & { readonly since: number }

/** A member. In a personal collection every device is a member of its own account, with role owner. */
export type Member = {
  readonly account: AccountId
  readonly role: Role
  /** The place since which the account has had the right to write (or, for a viewer, to read) without a break. */
  readonly since: number
  /** The place since which the account has been an owner without a break; undefined for who is none. Decides between two re-homings. */
  readonly ownerSince: number | undefined
  readonly devices: ReadonlyMap<DeviceId, StandingDevice>
  /** The public root key of the account: signs re-homings and restorings. Its hash is the account id. */
  readonly rootKey: SigningJwk
  readonly agreementKey: AgreementJwk
  /** Number of membership items of the account's own log that this state follows from, and the newest of them. */
  readonly accountItems: number
  readonly accountBase: ItemId
  /** How many times the account's own collection had been re-homed by then. */
  readonly accountGeneration: number
}

/** An open invitation, by the id of its one-time sealing key `key`; `proofKey` verifies the proof of whoever redeems it. `expiresAt`: milliseconds since 1970, judged by the relay alone. */
export type Invitation = {
  readonly key: AgreementJwk
  readonly proofKey: SigningJwk
  readonly role: Role
  readonly expiresAt: number
}

/** The membership of a collection at a place. */
export type MembershipState = {
  readonly kind: 'personal' | 'shared'
  readonly members: ReadonlyMap<AccountId, Member>
  readonly invitations: ReadonlyMap<string, Invitation>
  /** The newest membership item, and how many there are. */
  readonly base: ItemId
  readonly count: number
  readonly epoch: EpochId
  /** A reader was taken away since the epoch began: nothing may be sealed until the next epoch. */
  readonly isStale: boolean
  readonly home: HomeRelay
  readonly generation: number
  /** Personal: the recovery key. */
  readonly recoveryKey: AgreementJwk | undefined
}

/** An envelope as far as the order of its device needs it. */
export type DeviceRecord = {
  readonly device: DeviceId
  readonly feed: FeedId
  readonly number: number
  readonly id: ItemId
  readonly seenSeq: number
}

/** What a check may need to know of the log. The caller reads it from its store before it calls; the check itself is pure. */
export type LogFacts = {
  readonly collection: CollectionId
  /** Number of items. */
  readonly length: number
  /** Membership after the last item; undefined while the log is empty. */
  readonly now: MembershipState | undefined
  /** Membership and chain hash at the place that the item names (`seen`, `place`, `keeps`); undefined when it is beyond the end. */
  readonly named: { readonly state: MembershipState | undefined; readonly chain: ChainHash } | undefined
  /** The last envelope of the author's device. */
  readonly lastOfDevice: DeviceRecord | undefined
  /** Is the item in the log? Asked for the item's own id, `prev` and `deps`. */
  readonly isLogged: (id: ItemId) => boolean
  /** Replicas: the envelope, if it is pending here. A relay answers undefined. */
  readonly pendingEnvelope: (id: ItemId) => DeviceRecord | undefined
}

/** May the item be appended? `wait`: not now, perhaps later. `never`: it can never count in this log. */
export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'wait'; readonly reason: WaitReason }
  | { readonly kind: 'never'; readonly reason: NeverReason }

/** Why an item waits: what it names is not in the log yet. */
export type WaitReason = 'seen-ahead' | 'number-gap' | 'dep-missing'
/** Why an item never counts. */
export type NeverReason =
  | 'duplicate'
  /** The membership has changed since the item was made: its author decides anew. */
  | 'base-moved'
  /** An epoch for a member whose account has advanced: `account-advanced` first, then a new item. */
  | 'account-behind'
  | 'signature'
  | 'malformed'
  | 'wrong-collection'
  /** The operation does not exist in this kind of collection, or at this place. */
  | 'operation-wrong'
  | 'seen-off-chain'
  | 'seen-goes-back'
  | 'no-right'
  | 'right-broken'
  | 'number-taken'
  | 'prev-wrong'
  /** The feed id does not follow from the device, `prev` and salt of the first envelope. */
  | 'feed-wrong'
  | 'epoch-wrong'
  | 'epoch-stale'
  | 'epoch-missing'
  | 'recipients-wrong'
  | 'target-wrong'
  | 'last-owner'
  | 'invitation-closed'
  | 'account-wrong'
  | 'limit'
