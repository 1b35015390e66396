import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk, SigningJwk } from '@tonestead/protocol/device-log'
import type { MembershipState, NeverReason } from '@tonestead/protocol/sync/log-state'
import type { HomeRelay, MemberDevice, Role } from '@tonestead/protocol/sync/membership'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../../ports/clock.ts'
import type { Compression } from '../../ports/compression.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { ReadLink, SyncLink } from '../../ports/sync-link.ts'
import type { SnapshotRules } from './snapshots/snapshot-rules.ts'
import type { RulesOf } from './documents/document-rules.ts'

// The face of a replica: the collections of one account on one device.

/** The account and the keys of this device. Private keys may be non-extractable. */
export type ReplicaDevice = {
  readonly account: AccountId
  readonly device: DeviceId
  readonly name: string
  /** Ed25519. */
  readonly signing: { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }
  /** ECDH P-256 with the usage `deriveBits`: keys of the personal collection are sealed to it. */
  readonly sealing: { readonly privateKey: CryptoKey; readonly publicKey: AgreementJwk }
}

export type ReplicaDependencies = {
  readonly subtle: SubtleCrypto
  readonly random: Random
  readonly clock: Clock
  readonly journal: Journal
  readonly log: Log
  readonly device: ReplicaDevice
  readonly rulesOf: RulesOf
  readonly compression: Compression
  readonly snapshotRules: SnapshotRules
}

/** An operation of the domain with plain arguments (JSON). `id`: unique for ever; applying one twice is the same as once. */
export type Intent = { readonly id: string; readonly operation: unknown }

/** An edit. `document`: its name in the collection, such as `playlist` or `library/16/3`. */
export type Edit = { readonly collection: CollectionId; readonly document: string; readonly intent: Intent }

/**
 * What became of an edit. `kept`: in the journal, shown, and on its way; also when the intent was given before. `waiting`: in the journal and shown, and sealed later (no current key, an entry that is
 * not here yet). `unchanged`: it changes nothing. The others: nothing was kept.
 */
export type EditOutcome =
  | { readonly kind: 'kept' | 'waiting' | 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'no-right' | 'frozen' | 'superseded' }

/** Why a collection is frozen: the relay contradicted itself or broke a rule that headers show. Nothing local is lost; re-homing is the way out. */
export type Alarm = {
  readonly kind: 'two-chains' | 'rule-broken' | 'log-shortened' | 're-homed-elsewhere'
  /** The place in the log, and the rule. */
  readonly seq: number
  readonly reason?: NeverReason | undefined
  /** Frames with receipts and items that prove it to others; empty for an alarm without a proof that others can check. */
  readonly proof: readonly Bytes[]
}

export type CollectionStatus = {
  readonly kind: 'open' | 'frozen'
  readonly alarm: Alarm | undefined
  /** Items of the log here. */
  readonly length: number
  /** Own envelopes without a place, and intents that are not sealed yet. */
  readonly pending: number
  readonly waiting: number
  /** Envelopes of others that wait for something. */
  readonly othersWaiting: number
  readonly role: Role | undefined
  /** Something in the log cannot be read: a key is missing, or this version is too old for a document. */
  readonly isKeyMissing: boolean
  /** A body of the log is neither here nor in a snapshot that is: what is older is shown, and nothing is written. */
  readonly isBodyMissing: boolean
  readonly needsUpdate: boolean
  readonly isStale: boolean
  /** Envelopes and snapshots that did not hold, by author. */
  readonly faults: readonly { readonly id: ItemId; readonly account: AccountId; readonly device: DeviceId }[]
}

/** A change of the membership that is pursued until it holds, is impossible, or is no longer needed; decided anew after every change that others make. */
export type Goal = { readonly collection: CollectionId } & (
  | { readonly kind: 'invite'; readonly secret: Bytes; readonly role: Role; readonly expiresAt: number }
  | { readonly kind: 'withdraw-invitation'; readonly invitation: string }
  | { readonly kind: 'redeem'; readonly secret: Bytes }
  /** Reads the collection of an invitation before it is redeemed. */
  | { readonly kind: 'look'; readonly secret: Bytes }
  | { readonly kind: 'change-role'; readonly account: AccountId; readonly role: Role }
  | { readonly kind: 'remove-member'; readonly account: AccountId }
  | { readonly kind: 'leave' }
  | {
      readonly kind: 'add-device'
      readonly device: DeviceId
      readonly name: string
      readonly signingKey: SigningJwk
      readonly sealingKey: AgreementJwk
    }
  | { readonly kind: 'remove-device'; readonly device: DeviceId }
  | { readonly kind: 'advance-account'; readonly account: AccountId }
  | { readonly kind: 'begin-epoch' }
)

/** `done`: it holds. `not-needed`: it held already. `impossible`: the membership does not permit it. */
export type GoalOutcome = 'done' | 'not-needed' | 'impossible'

/** How a personal collection begins. `recoveryKey`: the public key that follows from the recovery phrase. */
export type PersonalOptions = {
  readonly deviceLogEntry: string
  readonly recoveryKey: AgreementJwk
  readonly home: HomeRelay
}

/** A move to another relay. `rootKey`: the private root key of the account (Ed25519). */
export type RehomeOptions = {
  readonly collection: CollectionId
  readonly home: HomeRelay
  readonly rootKey: CryptoKey
}

/** The devices that stand, and the device log of the account: all membership items of its personal collection, in base64url. */
export type AccountInLog = { readonly devices: readonly MemberDevice[]; readonly deviceLog: readonly string[] }
/** A live message of another device, checked [RP32]. What is in it is external input. */
export type LiveMessage = {
  readonly collection: CollectionId
  readonly account: AccountId
  readonly device: DeviceId
  readonly message: Bytes
}

/**
 * What became of a live message. `sent`: it went to every open link of the collection; nobody says whether it arrives. `offline`: there is none. `no-key`: the key of
 * the epoch is not here, or the epoch is stale. `no-right`: this device does not stand in the collection. `too-often`, `too-large`: nothing was sent.
 */
export type LiveOutcome = 'sent' | 'offline' | 'no-key' | 'no-right' | 'frozen' | 'too-often' | 'too-large'

/** The replica. Every call is queued behind those before it, so that handlers never overlap. */
export type Replica = {
  /** A connection was opened; the result takes what arrives on it. */
  readonly openLink: (link: SyncLink) => ReadLink
  /** Begins the personal collection of the account. `deviceLogEntry`: the first entry of the device log. */
  readonly createPersonal: (options: PersonalOptions) => Promise<CollectionId>
  /**
   * Begins a shared collection, owned by this account; undefined while the log of the personal collection is not here. `nonce`: 16 bytes that are never used
   * for another; the same nonce gives the same collection, which is begun once.
   */
  readonly createShared: (home: HomeRelay, nonce?: Bytes) => Promise<CollectionId | undefined>
  /** Keeps a copy of a collection from now on. `movedTo`: the key of a relay that has perhaps become its home; links to it are asked too. */
  readonly follow: (collection: CollectionId, movedTo?: SigningJwk) => Promise<void>
  /**
   * [RP24] Makes the item that moves a collection to another relay, signed with the root key of an owner, on the log as far as it is here. Gives the whole log
   * in bytes, the new item last, for the new relay to append; undefined when the account is no owner.
   */
  readonly rehome: (options: RehomeOptions) => Promise<readonly Bytes[] | undefined>
  readonly edit: (edit: Edit) => Promise<EditOutcome>
  /** What the document shows: waiting intents included. An Automerge document, or undefined when nothing of it is here. Do not change it. */
  readonly show: (collection: CollectionId, document: string) => unknown
  readonly status: (collection: CollectionId) => CollectionStatus | undefined
  /** [RP27] When an open link to the home relay confirmed that nothing is newer than the log here (UTC, ms); undefined while none has. */
  readonly confirmedAt: (collection: CollectionId) => number | undefined
  /** May this account write the document now, and does this version understand it? */
  readonly isWritable: (collection: CollectionId, document: string) => boolean
  readonly collections: () => readonly CollectionId[]
  /** The account as the log of its personal collection says; undefined while that is not here. */
  readonly account: () => AccountInLog | undefined
  /** Who belongs to the collection, as far as its log is here; undefined while nothing of it is. */
  readonly membership: (collection: CollectionId) => MembershipState | undefined
  /** Resolves when the goal is reached, and not before it is known in the log. */
  readonly pursue: (goal: Goal, signal: AbortSignal) => Promise<GoalOutcome>
  /** Calls the listener after every change of a document or status; gives the function that ends it. */
  readonly onChange: (listener: (collection: CollectionId) => void) => () => void
  /** [RP33] Sends a message to the devices of the collection that are connected now: signed, sealed, kept nowhere. 1 to `maxLiveMessageBytes` bytes. */
  readonly sendLive: (collection: CollectionId, message: Bytes) => Promise<LiveOutcome>
  /** [RP32] Calls the listener with every live message of another device that holds, of whatever collection; gives the function that ends it. */
  readonly onLive: (listener: (live: LiveMessage) => void) => () => void
  /** Resolves when everything that was called or has arrived has been handled. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}
