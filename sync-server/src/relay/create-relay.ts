import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { createVerifier } from '@tonestead/protocol/sync/keys/verifier'
import type { Link } from '../ports/link.ts'
import type { RelayMessage } from '../ports/log-store.ts'
import { createAppendQueue, type Commit } from './append-queue.ts'
import { createConnection, type Connection } from './connection.ts'
import { createBodyDropper } from './drop-bodies.ts'
import { createHeadCache } from './head-cache.ts'
import { createItemsFrame } from './items-frame.ts'
import { createRateChecks } from './rate-checks.ts'
import { createReceiptSigner } from './receipt-signer.ts'
import { createRecentItems } from './recent-items.ts'
import type { RelayDeps, RelayParts } from './relay-deps.ts'
import { createConcurrencyLimit } from './relay-limits.ts'
import { createTopics } from './topics.ts'

/** How soon clients come back when the relay stops. */
const reconnectAfterMs = 1000

export type Relay = {
  /** Serves a new connection. */
  readonly connect: (link: Link) => Connection
  /** May this peer open a connection now? */
  readonly admits: (peer: string) => boolean
  /** Finishes what is being stored, tells everybody, and closes all connections. */
  readonly drain: () => Promise<void>
  /** Items that wait to be stored. */
  readonly waiting: () => number
}

/** One process of a relay: it orders and stores what it cannot read. */
export const createRelay = async (deps: RelayDeps): Promise<Relay> => {
  const parts = createParts(deps)
  await deps.store.listen((message) => {
    hear(parts, message).catch(deps.onFault)
  })
  return {
    connect: (link) => createConnection(parts, link),
    admits: (peer) => parts.rates.connect(peer),
    drain: async () => {
      parts.topics.sendAll(writeRelayFrame({ kind: 'draining', reconnectAfterMs }))
      await parts.queue.idle()
      parts.topics.closeAll('draining', 'the relay stops')
    },
    waiting: () => parts.queue.waiting(),
  }
}

const createParts = (deps: RelayDeps): RelayParts => {
  const { store, metrics, clock } = deps
  const heads = createHeadCache(store)
  const topics = createTopics(deps)
  const recent = createRecentItems((collection) => topics.isRead(collection))
  const receipts = createReceiptSigner(deps)
  const dropper = createBodyDropper({ store, heads, onFault: deps.onFault })
  const onCommit = (commit: Commit): void => {
    recent.put(commit.placed)
    for (const head of commit.heads) heads.put(head)
    for (const head of commit.heads) topics.changed(head)
    for (const { item } of commit.placed) if (item.item.kind === 'confirmation') dropper.look(item.collection)
  }
  const onGroup = (items: number) => {
    const began = clock.now()
    return () => metrics.group(items, clock.now() - began)
  }
  return {
    ...deps,
    verifier: createVerifier(deps),
    heads,
    topics,
    receipts,
    rates: createRateChecks(deps),
    queue: createAppendQueue({ store, onCommit, onGroup }),
    pump: { store, heads, receipts, recent, itemsFrame: createItemsFrame(), onFault: deps.onFault },
    enterDevice: createConcurrencyLimit(deps.limits.connections.device),
  }
}

/** What other processes on the same store did. */
const hear = async (parts: RelayParts, message: RelayMessage): Promise<void> => {
  const { heads, topics } = parts
  if (message.kind === 'ephemeral') {
    const { collection, from, bytes } = message
    const frame = writeRelayFrame({ kind: 'ephemeral', collection, from }, [bytes])
    return void topics.pass(collection, 'ephemeral', { bytes: frame, except: undefined })
  }
  const collections = message.kind === 'changed' ? [message.collection] : topics.read()
  for (const collection of collections) {
    if (!topics.isConcerned(collection) && heads.known(collection) === undefined) continue
    const head = await heads.fresh(collection)
    if (head !== undefined) topics.changed(head)
  }
}
