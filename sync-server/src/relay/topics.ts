import type { Bytes } from '@tonestead/protocol/bytes'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { findAuthor, type Author } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { CloseReason, Link } from '../ports/link.ts'
import type { LogHead, LogStore } from '../ports/log-store.ts'
import type { RelayMetrics } from '../ports/relay-metrics.ts'
import type { Subscription } from './subscription.ts'

/** A reader with more queued bytes than this gets no pending envelopes and no ephemeral messages: the log brings him what counts. */
const mostQueuedBytes = 1024 * 1024

/** A device that is connected. */
type Connected = { readonly author: Author; readonly link: Link }

/** Who is connected and who reads what. */
export type Topics = {
  connect(connected: Connected): () => void
  subscribe(subscription: Subscription): () => void
  isRead(collection: CollectionId): boolean
  /** Somebody reads the log, or a device of the account whose log it is is connected. */
  isConcerned(collection: CollectionId): boolean
  /** Looks whether its reader may still read, by the newest head. */
  recheck(head: LogHead): void
  /** A log has a new head. */
  changed(head: LogHead): void
  /** Everybody looks anew. */
  wakeAll(): void
  read(): readonly CollectionId[]
  /** Passes a frame on to the readers of a collection, except one connection. */
  pass(
    collection: CollectionId,
    kind: 'pending' | 'ephemeral',
    frame: { readonly bytes: Bytes; readonly except: Link | undefined },
  ): void
  closeAll(reason: CloseReason, detail: string): void
  sendAll(frame: Bytes): void
}

type TopicsDeps = {
  readonly store: Pick<LogStore, 'departureOf'>
  readonly metrics: Pick<RelayMetrics, 'dropped'>
  readonly onFault: (fault: unknown) => void
}

export const createTopics = (deps: TopicsDeps): Topics => {
  /** By the log of their account. */
  const connected = new Map<CollectionId, Set<Connected>>()
  const readers = new Map<CollectionId, Set<Subscription>>()
  const bases = new Map<CollectionId, string>()
  const everybody = (): readonly Connected[] => [...connected.values()].flatMap((devices) => [...devices])
  return {
    connect: (device) => addTo(connected, personalCollectionId(device.author.account), device),
    subscribe: (subscription) => {
      const leave = addTo(readers, subscription.collection, subscription)
      return () => {
        leave()
        if (!readers.has(subscription.collection)) bases.delete(subscription.collection)
      }
    },
    isRead: (collection) => readers.has(collection),
    isConcerned: (collection) => readers.has(collection) || connected.has(collection),
    recheck: (head) => {
      checkReaders(deps, head, readers.get(head.collection) ?? new Set())
    },
    changed: (head) => {
      const { collection, state } = head
      for (const subscription of readers.get(collection) ?? []) subscription.wake()
      if (bases.get(collection) === state.base) return
      if (readers.has(collection)) bases.set(collection, state.base)
      checkReaders(deps, head, readers.get(collection) ?? new Set())
      if (state.kind === 'personal') closeRemoved(head, connected.get(collection) ?? new Set())
    },
    wakeAll: () => {
      for (const subscription of [...readers.values()].flatMap((all) => [...all])) subscription.wake()
    },
    read: () => [...readers.keys()],
    pass: (collection, kind, { bytes, except }) => {
      for (const { link } of readers.get(collection) ?? []) {
        if (link === except) continue
        if (link.queuedBytes() > mostQueuedBytes) deps.metrics.dropped(kind)
        else link.send(bytes)
      }
    },
    closeAll: (reason, detail) => {
      for (const { link } of everybody()) link.close(reason, detail)
    },
    sendAll: (frame) => {
      for (const { link } of everybody()) link.send(frame)
    },
  }
}

const addTo = <Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): (() => void) => {
  const set = sets.get(key) ?? new Set<Value>()
  sets.set(key, set.add(value))
  return () => {
    set.delete(value)
    if (set.size === 0 && sets.get(key) === set) sets.delete(key)
  }
}

/** [RC6] Who was taken away gets the log up to that place, and nothing after it. */
const checkReaders = (deps: TopicsDeps, head: LogHead, readers: ReadonlySet<Subscription>): void => {
  for (const subscription of readers) {
    if (findAuthor(head.state, subscription.author) !== undefined) continue
    if (subscription.invitation !== undefined && head.state.invitations.has(subscription.invitation)) continue
    deps.store.departureOf(head.collection, subscription.author.device).then((upTo) => {
      // Whoever read by an invitation never was a member.
      subscription.limitTo(upTo ?? head.length)
    }, deps.onFault)
  }
}

/** [RC7] A removed device loses its connections at once. */
const closeRemoved = ({ state }: LogHead, devices: ReadonlySet<Connected>): void => {
  for (const { author, link } of devices)
    if (findAuthor(state, author) === undefined) {
      link.send(writeRelayFrame({ kind: 'problem', code: 'device-removed', detail: 'This device was removed.' }))
      link.close('refused', 'this device was removed from its account')
    }
}
