import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { StoredAppend } from './append-queue.ts'

const mostItems = 256
const mostBytes = 2 * 1024 * 1024

type Run = { readonly from: number; readonly items: readonly Bytes[] }

/** The newest items of logs that somebody reads here, so that a fan-out asks the store for nothing. */
export type RecentItems = {
  put(placed: readonly StoredAppend[]): void
  /** The items after a place, if they are all here; undefined: ask the store. */
  after(collection: CollectionId, seq: number): readonly Bytes[] | undefined
  forget(collection: CollectionId): void
}

export const createRecentItems = (isRead: (collection: CollectionId) => boolean): RecentItems => {
  const runs = new Map<CollectionId, Run>()
  const put = ({ item, seq }: StoredAppend): void => {
    const { collection, bytes } = item
    if (!isRead(collection)) return void runs.delete(collection)
    const run = runs.get(collection)
    // After a gap, which another process filled, or after a cut the run begins anew.
    const isNext = run !== undefined && run.from + run.items.length === seq
    runs.set(
      collection,
      isNext ? shortened({ from: run.from, items: [...run.items, bytes] }) : { from: seq, items: [bytes] },
    )
  }
  return {
    put: (placed) => {
      for (const each of placed) put(each)
    },
    after: (collection, seq) => {
      const run = runs.get(collection)
      return run === undefined || seq + 1 < run.from || seq + 1 >= run.from + run.items.length
        ? undefined
        : run.items.slice(seq + 1 - run.from)
    },
    forget: (collection) => void runs.delete(collection),
  }
}

const shortened = ({ from, items }: Run): Run => {
  let bytes = 0
  const reversed = items.toReversed()
  const end = reversed.findIndex(({ length }, index) => {
    bytes += length
    return index > 0 && (index >= mostItems || bytes > mostBytes)
  })
  const kept = end < 0 ? items.length : end
  return { from: from + items.length - kept, items: items.slice(items.length - kept) }
}
