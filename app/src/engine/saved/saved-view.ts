import { parseServerId, type ServerId } from '@tonestead/crdt/ids'
import type { LibraryDocument } from '@tonestead/crdt/library/library-document'
import { allShards } from '@tonestead/crdt/library/library-shards'
import { libraryShardsOf } from '@tonestead/crdt/root/root-document'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { createFollowed, type Followed } from '../documents/followed.ts'
import type { Readable } from '../readable.ts'
import type { SavedView } from './saved-music.ts'

export const rootRef: DocumentRef<'root'> = { address: { kind: 'root' } }

/** The server that a key names. */
export const serverOfKey = (key: string): ServerId => parseServerId(key.slice(0, key.indexOf('/')))

/** [SV1] [SV5] [SV8] What all documents of the library hold; `isStarted`: whether they may be read already. */
export const createSavedView = (documents: DocumentService, isStarted: () => boolean): Followed<SavedView> =>
  createFollowed<SavedView>(
    { kind: 'loading' },
    (follow) => (isStarted() ? read(documents, follow) : { kind: 'loading' }),
    sameOr,
  )

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
