import { undoOfLibraryIntent } from '../library/undo-library.ts'
import { undoOfPlaylistIntent } from '../playlists/undo-playlist.ts'
import { undoOfRootIntent } from '../root/undo-root.ts'
import type { IntentId } from '../ids.ts'
import type { Documents, Intents } from './documents.ts'

/** The kinds of documents with undo. The queue is undone by `queueDifference` of its two values. */
export type UndoableKind = 'root' | 'library' | 'playlist'
/** An intent that was applied, the document as it was before, and the id of the intent that undoes it. */
export type Undo<K extends UndoableKind> = {
  readonly before: Documents[K]
  readonly intent: Intents[K]
  readonly id: IntentId
}

const undoers: { readonly [K in UndoableKind]: (undo: Undo<K>) => Intents[K] | undefined } = {
  root: undoOfRootIntent,
  library: undoOfLibraryIntent,
  playlist: undoOfPlaylistIntent,
}

/**
 * [UN1] The intent that undoes another one: a change like any other, computed from the document before. It takes back nothing that others did meanwhile.
 * Undefined when there is nothing to undo. A redo is the undo of the undo; of an intent that was split, each part is undone, the last one first.
 */
export const undoOf = <K extends UndoableKind>(kind: K, undo: Undo<K>): Intents[K] | undefined => undoers[kind](undo)
