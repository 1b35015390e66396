import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { SyncLink } from '../../../ports/sync-link.ts'

/** What was asked for with a request number. */
type LinkRequest = { readonly collection: CollectionId; readonly item: ItemId }

/** The other side's whole log, as far as it has been read, beside ours: their chains are not the same [RP7]. */
type Comparison = { readonly items: LogItem[]; receipt: Receipt }

/** Items that came before the receipt that covers them. `first`: the place of the first one. */
export type ItemBuffer = { first: number; items: LogItem[] }

/** One connection, as the replica knows it. */
export type LinkState = {
  readonly link: SyncLink
  /** The other side knows who we are, and takes frames. */
  isOpen: boolean
  isClosed: boolean
  readonly buffers: Map<CollectionId, ItemBuffer>
  readonly comparisons: Map<CollectionId, Comparison>
  /** Collections of which the other side has another history. */
  readonly ignored: Set<CollectionId>
  /** Collections of which the other side gave what their home has not signed, by the length of the log here. */
  readonly unsigned: Map<CollectionId, number>
  /** Heads that were asked for: the nonce, and the place of the newest receipt then. */
  readonly headNonces: Map<CollectionId, { readonly nonce: string; readonly seq: number }>
  /** [RP27] The newest place of a log that the relay has confirmed on this link while it was the newest one here, and when (UTC, ms). */
  readonly confirmed: Map<CollectionId, { readonly seq: number; readonly atMs: number }>
  /** Collections that we have subscribed to. */
  readonly subscribed: Set<CollectionId>
  /** Subscriptions that are not answered yet, in their order: the invitation that was shown with each. */
  readonly asked: Map<CollectionId, readonly (string | undefined)[]>
  nextRequest: number
  readonly requests: Map<number, LinkRequest>
  /** Pending envelopes and membership items that were sent. */
  readonly sent: Set<ItemId>
  /** Items that the relay gave no place, by the length of the log then: they are offered again when it has grown. */
  readonly refused: Map<ItemId, number>
  /** Of a peer: what it has subscribed to, and the place up to which it was sent. */
  readonly wanted: Map<CollectionId, number>
  /** Of a peer: heads and proofs that it was sent, so that none is sent twice. */
  readonly headsSent: Map<CollectionId, string>
  readonly proofsSent: Set<CollectionId>
  /** Parts of snapshots that were asked for and not answered yet, by their hashes. */
  readonly partsAsked: Set<string>
  /** Own snapshots whose parts were sent. */
  readonly partsOffered: Set<ItemId>
  /** The place after which missing bodies were asked for. */
  readonly bodiesAsked: Map<CollectionId, number>
}

/** What a frame has changed: collections whose log or pending envelopes must be looked at, and whether the link was opened. */
export type FrameEffect = { readonly collections: readonly CollectionId[]; readonly hasOpened: boolean }

export const createLinkState = (link: SyncLink): LinkState => ({
  link,
  isOpen: link.kind === 'peer',
  isClosed: false,
  buffers: new Map(),
  comparisons: new Map(),
  ignored: new Set(),
  unsigned: new Map(),
  headNonces: new Map(),
  confirmed: new Map(),
  subscribed: new Set(),
  asked: new Map(),
  nextRequest: 1,
  requests: new Map(),
  sent: new Set(),
  refused: new Map(),
  wanted: new Map(),
  headsSent: new Map(),
  proofsSent: new Set(),
  partsAsked: new Set(),
  partsOffered: new Set(),
  bodiesAsked: new Map(),
})

/** Ends a link whose other side does not keep to the protocol. Another link, or this relay later, may do. */
export const dropLink = (state: LinkState): void => {
  if (!state.isClosed) state.link.close()
  state.isClosed = true
}
