import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { MembershipItem } from '@tonestead/protocol/sync/membership'
import type { Receipt } from '@tonestead/protocol/sync/log-item'
import type { ChainHash, DocumentId, CollectionId, EpochId, FeedId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { recordOf } from '@tonestead/protocol/sync/log/memory-log'
import type { EpochKeys } from '@tonestead/protocol/sync/keys/epoch-keys'
import type { DocumentState } from '../documents/document-state.ts'
import { createCollectionLog, type CollectionLog } from '../log/collection-log.ts'
import { createSnapshotState, type SnapshotState } from '../snapshots/snapshot-state.ts'
import type { Alarm, Intent } from '../replica.ts'

// What a replica holds of one collection in memory. All of it can be made again from the journal.

/** A body that holds [RP10], of an envelope in the log or pending. */
export type AcceptedBody = {
  readonly document: DocumentId
  readonly feed: FeedId
  readonly account: AccountId
  readonly device: DeviceId
  readonly changes: readonly Bytes[]
  /** Hash of the last change. */
  readonly lastHash: string
  /** Keys of objects that it makes in maps: entries. */
  readonly entries: readonly string[]
}

/** An envelope without a place. `origin`: who gave it. */
export type Pending = { readonly envelope: Envelope; readonly origin: 'own' | 'relay' | 'peer' }

/** An intent that is not sealed yet, numbered in the order in which they were made. */
export type Todo = { readonly number: number; readonly document: string; readonly intent: Intent }

/** What an own envelope was made of. */
type OwnIntents = { readonly document: string; readonly intents: readonly Intent[] }

/** The feed that is being written. */
export type OwnFeed = { readonly feed: FeedId; readonly number: number; readonly prev: ItemId | undefined }

/** An epoch that can be opened. */
export type OpenEpoch = { readonly bytes: Bytes; readonly keys: EpochKeys }

/** What the journal has of checked documents: of the log up to `seq`, how many envelopes of each document. */
type CheckedState = {
  seq: number
  chain: ChainHash | undefined
  readonly documents: Map<DocumentId, number>
  /** It is to be written in this turn. */
  isDue: boolean
}

export type CollectionState = {
  readonly id: CollectionId
  readonly log: CollectionLog
  readonly epochs: Map<EpochId, OpenEpoch>
  readonly documents: Map<DocumentId, DocumentState>
  /** Bodies that count: of the log up to `judged`, and of pending envelopes. */
  readonly bodies: Map<ItemId, AcceptedBody>
  /** In the log and counting for nothing. */
  readonly voids: Set<ItemId>
  /** In the log, of a document whose schema this version does not know. */
  readonly unread: Set<ItemId>
  readonly unreadDocuments: Set<DocumentId>
  /** By device and document: its envelopes that count, in their order. */
  readonly lastOfDocument: Map<string, ItemId[]>
  /** Bodies of logged envelopes that are not judged yet and came in this turn. */
  readonly freshBodies: Map<ItemId, Bytes>
  /** Bodies of the log up to this place are judged. */
  judged: number
  /** The body at `judged` + 1 cannot be opened: its key is missing. */
  isKeyMissing: boolean
  /** The body at `judged` + 1 is not here: a snapshot, or somebody who has it, is asked. */
  isBodyMissing: boolean
  /** Applied or about to be, in the order in which they came; then those that wait for something, and second ones of a number. */
  readonly pending: Map<ItemId, Pending>
  readonly waiting: Map<ItemId, Pending>
  readonly aside: Map<ItemId, Pending>
  /** Judged from the log to never count. */
  readonly dead: Set<ItemId>
  /** Entries that dead envelopes made, and by whom. */
  readonly lostEntries: Map<string, { readonly account: AccountId; readonly device: DeviceId }>
  readonly own: Map<ItemId, OwnIntents>
  todo: Todo[]
  nextTodo: number
  feed: OwnFeed | undefined
  receipt: Receipt | undefined
  alarm: Alarm | undefined
  /** The log became shorter: what was subscribed to before goes on behind its end. */
  isCut: boolean
  /** A relay that has perhaps become the home. */
  movedTo: SigningJwk | undefined
  /** The item that creates the collection, made here, until it is in the log. */
  firstItem: MembershipItem | undefined
  readonly faults: Map<ItemId, { readonly account: AccountId; readonly device: DeviceId }>
  readonly snapshots: SnapshotState
  readonly checked: CheckedState
}

export const createCollectionState = (id: CollectionId): CollectionState => {
  const pending: CollectionState['pending'] = new Map()
  const pendingRecord = (envelope: ItemId) => {
    const found = pending.get(envelope)?.envelope
    return found === undefined ? undefined : recordOf(found)
  }
  return { ...emptyState(), id, pending, log: createCollectionLog(id, pendingRecord) }
}

const emptyState = (): Omit<CollectionState, 'id' | 'log' | 'pending'> => ({
  epochs: new Map(),
  documents: new Map(),
  bodies: new Map(),
  voids: new Set(),
  unread: new Set(),
  unreadDocuments: new Set(),
  lastOfDocument: new Map(),
  freshBodies: new Map(),
  judged: 0,
  isKeyMissing: false,
  isBodyMissing: false,
  waiting: new Map(),
  aside: new Map(),
  dead: new Set(),
  lostEntries: new Map(),
  own: new Map(),
  todo: [],
  nextTodo: 1,
  feed: undefined,
  receipt: undefined,
  alarm: undefined,
  firstItem: undefined,
  isCut: false,
  movedTo: undefined,
  faults: new Map(),
  snapshots: createSnapshotState(),
  checked: { seq: 0, chain: undefined, documents: new Map(), isDue: false },
})
