import { parseServerId, type ServerId } from '@tonestead/crdt/ids'
import type { LibraryDocument, LibrarySection } from '@tonestead/crdt/library/library-document'
import { allShards } from '@tonestead/crdt/library/library-shards'
import { libraryShardsOf } from '@tonestead/crdt/root/root-document'
import { createCell } from '../cell.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import type { Readable } from '../readable.ts'
import type { SavedView } from './saved-music.ts'

export const rootRef: DocumentRef<'root'> = { address: { kind: 'root' } }

/** The server that a key names. */
export const serverOfKey = (key: string): ServerId => parseServerId(key.slice(0, key.indexOf('/')))

/** [SV1] [SV5] What all documents of the library hold. The documents are followed while the view has a subscriber. */
export const createSavedView = (documents: DocumentService): Readable<SavedView> => {
  const unfollow = new Map<Readable<unknown>, () => void>()
  const cell = createCell<SavedView>({ kind: 'loading' }, (count) => {
    if (count === 0) stop()
    else if (unfollow.size === 0) update()
  })
  const stop = (): void => {
    for (const leave of unfollow.values()) leave()
    unfollow.clear()
  }
  const follow = (readable: Readable<unknown>): void => {
    if (cell.listeners() > 0 && !unfollow.has(readable)) unfollow.set(readable, readable.subscribe(update))
  }
  const update = (): void => cell.set(sameOr(cell.get(), read(documents, follow)))
  return {
    get: () => {
      if (cell.listeners() === 0) update()
      return cell.get()
    },
    subscribe: cell.subscribe,
  }
}

const read = (documents: DocumentService, follow: (readable: Readable<unknown>) => void): SavedView => {
  const rootView = documents.view(rootRef)
  follow(rootView)
  const root = rootView.get()
  if (root.kind !== 'open') return root
  const views = allShards(libraryShardsOf(root.document)).map((address) => {
    const view = documents.view<'library'>({ address })
    follow(view)
    return view.get()
  })
  const fault = views.find((view) => view.kind === 'unavailable')
  if (fault !== undefined) return fault
  const shards = views.flatMap((view) => (view.kind === 'open' ? [view.document] : []))
  return shards.length === 0
    ? { kind: 'loading' }
    : { kind: 'open', shards, isComplete: shards.length === views.length }
}

/** The former value when nothing of it changed: a change of the root that is about playlists draws nothing again. */
const sameOr = (before: SavedView, after: SavedView): SavedView => {
  if (before.kind === 'open' && after.kind === 'open')
    return before.isComplete === after.isComplete && isSameList(before.shards, after.shards) ? before : after
  return before.kind === 'loading' && after.kind === 'loading' ? before : after
}

const isSameList = (a: readonly LibraryDocument[], b: readonly LibraryDocument[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index])
