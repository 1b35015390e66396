import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogHead, LogStore } from '../ports/log-store.ts'

/** Heads that are kept beyond those in use; the ones used last stay. */
const mostHeads = 2000

/** The newest known heads of logs. With several processes on one store a head may be old: ask `fresh` where that matters. */
export type HeadCache = {
  /** What is known without asking the store. */
  known(collection: CollectionId): LogHead | undefined
  get(collection: CollectionId): Promise<LogHead | undefined>
  fresh(collection: CollectionId): Promise<LogHead | undefined>
  put(head: LogHead): void
}

export const createHeadCache = (store: Pick<LogStore, 'head'>): HeadCache => {
  const heads = new Map<CollectionId, LogHead>()
  const put = (head: LogHead): LogHead => {
    const before = heads.get(head.collection)
    const newest = before !== undefined && isNewer(before, head) ? before : head
    heads.delete(head.collection)
    heads.set(head.collection, newest)
    const oldest = heads.keys().next()
    if (heads.size > mostHeads && oldest.done === false) heads.delete(oldest.value)
    return newest
  }
  const fresh = async (collection: CollectionId): Promise<LogHead | undefined> => {
    const head = await store.head(collection)
    return head === undefined ? undefined : put(head)
  }
  return {
    known: (collection) => heads.get(collection),
    get: async (collection) => heads.get(collection) ?? (await fresh(collection)),
    fresh,
    put: (head) => void put(head),
  }
}

/** A log only grows, except at a re-homing, which raises the generation. */
const isNewer = (a: LogHead, b: LogHead): boolean =>
  a.state.generation === b.state.generation ? a.length > b.length : a.state.generation > b.state.generation
