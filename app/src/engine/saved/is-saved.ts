import type { LibrarySection } from '@tonestead/crdt/library/library-document'
import type { SavedView } from './saved-music.ts'

/** [SV1] Whether a thing is saved. `key`: of `savedKey`. */
export const isSaved = (view: SavedView, section: LibrarySection, key: string): boolean =>
  view.kind === 'open' && view.shards.some((shard) => Object.hasOwn(shard[section], key))
