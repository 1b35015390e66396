import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { MembershipState, Verdict } from '@tonestead/protocol/sync/log-state'
import type { ChainHash, CollectionId, DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { SignedItem } from './log-rules.ts'

// Where the logs are kept. Adapters: SQLite, PostgreSQL, memory. One contract: log-store.contract.ts.

/** What became of an item. A duplicate has the place that it got before. */
export type AppendOutcome =
  | { readonly kind: 'placed'; readonly seq: number }
  | { readonly kind: 'duplicate'; readonly seq: number }
  | { readonly kind: 'refused'; readonly verdict: Exclude<Verdict, { readonly kind: 'ok' }> }

/** The end of a log. */
export type LogHead = {
  readonly collection: CollectionId
  readonly length: number
  readonly chain: ChainHash
  readonly state: MembershipState
}

/** The outcomes, in the order of the items, and the new heads of the logs that changed. */
export type AppendResult = { readonly outcomes: readonly AppendOutcome[]; readonly heads: readonly LogHead[] }

/** An item with its place. `bytes`: as `writeItem` writes it. */
export type StoredItem = { readonly seq: number; readonly id: ItemId; readonly bytes: Bytes }

/** A snapshot or a confirmation. `isComplete`: every part that the item brought is stored; true for confirmations. */
export type StoredSnapshot = StoredItem & { readonly isComplete: boolean }

/** Bodies that are not needed any more: of the envelopes of a document up to a place, but not of these. */
export type BodiesToDrop = {
  readonly collection: CollectionId
  readonly document: DocumentId
  readonly upTo: number
  readonly keeps: ReadonlySet<ItemId>
}

/** A message from one process of a relay to the others. */
export type RelayMessage =
  | { readonly kind: 'changed'; readonly collection: CollectionId }
  /** Messages may have been lost: look at everything anew. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'ephemeral'; readonly collection: CollectionId; readonly from: DeviceId; readonly bytes: Bytes }

/** Logs of collections, parts of snapshots, and the accounts that may use the relay. Whatever fails throws; then nothing of the call was stored. */
export type LogStore = {
  /**
   * Appends items of any collections in one transaction: all that the rules take, and nothing of a call that throws. Resolves after the data is durable.
   * An item that cuts the log (`re-homed` with a place before the end) must be alone in its call.
   */
  append(items: readonly SignedItem[]): Promise<AppendResult>
  /** The end of a log; undefined while it is empty. */
  head(collection: CollectionId): Promise<LogHead | undefined>
  /** The items after a place, in order without a gap: at most `most` of them and about `mostBytes` bytes, at least one if there is one. */
  read(range: {
    readonly collection: CollectionId
    readonly after: number
    readonly most: number
    readonly mostBytes: number
  }): Promise<readonly StoredItem[]>
  /** The place of an item; undefined when it is not in the log. */
  placeOf(collection: CollectionId, id: ItemId): Promise<number | undefined>
  /** The chain hash at a place; undefined beyond the end. */
  chainAt(collection: CollectionId, seq: number): Promise<ChainHash | undefined>
  /** The place of the newest item that took the device away, whether or not it has come back since; undefined for one that never was taken away. */
  departureOf(collection: CollectionId, device: DeviceId): Promise<number | undefined>
  /** Stores a part. `unknown`: no snapshot in the log names this hash with this size. */
  putPart(collection: CollectionId, hash: string, bytes: Bytes): Promise<'stored' | 'unknown'>
  getPart(collection: CollectionId, hash: string): Promise<Bytes | undefined>
  /** All snapshots and confirmations of a log, in order. */
  snapshots(collection: CollectionId): Promise<readonly StoredSnapshot[]>
  /**
   * Takes the bodies out of the stored envelopes, in one transaction; header, place and chain stay. Gives how many were there. Resolves after it is durable.
   * `keeps` bodies are never touched.
   */
  dropBodies(bodies: BodiesToDrop): Promise<number>
  /** Remembers that an account may use this relay. */
  admit(account: AccountId, at: number): Promise<void>
  isAdmitted(account: AccountId): Promise<boolean>
  /** Whether this store belongs to the relay with this public key (base64url). An empty store does from the first call on. */
  belongsTo(relayKey: string): Promise<boolean>
  /** Sends a message to the other processes on this store. It may be lost. */
  publish(message: RelayMessage): Promise<void>
  /** Calls with what other processes publish, and with what they append. Resolves when it hears them. */
  listen(onMessage: (message: RelayMessage) => void): Promise<void>
  close(): Promise<void>
}
