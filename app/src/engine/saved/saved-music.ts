import type { ArtistId, ReleaseId, ServerId } from '@tonestead/crdt/ids'
import type { LibraryDocument, LibrarySection } from '@tonestead/crdt/library/library-document'
import type { CreditName } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { DocumentsFault } from '../documents/documents.ts'
import type { Readable } from '../readable.ts'

/** Something of the catalog that a person can save. */
export type Savable =
  | { readonly section: 'tracks'; readonly track: Track }
  | { readonly section: 'releases'; readonly release: SavableRelease }
  | { readonly section: 'artists'; readonly artist: { readonly id: ArtistId; readonly name: string } }
export type SavableRelease = {
  readonly id: ReleaseId
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly year?: number | undefined
  readonly cover?: { readonly id: string } | undefined
}

/** What a person saved, as far as it is known. `isComplete`: every document of the library was read. */
export type SavedView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly shards: readonly LibraryDocument[]; readonly isComplete: boolean }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

/** What became of saving or removing. `unchanged`: it was so before. */
export type SavedChange =
  | { readonly kind: 'changed'; readonly undo: () => Promise<SavedChange> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'not-changed'; readonly reason: NotChanged }
/** `server-unknown`: the server was never reached, so its things have no name. `full`: the library has no room. */
export type NotChanged = DocumentsFault | 'server-unknown' | 'read-only' | 'full' | 'refused'

/** What a person saved, on every device of the account. Rules: SPEC.md. */
export type SavedMusic = {
  /** Kept up to date while it has a subscriber. */
  readonly view: Readable<SavedView>
  /** Begins to read the documents. Until then the view is `loading`, so that hearts on a page do not load what the first sound would wait for. */
  readonly start: () => void
  /** The server whose catalog is shown; undefined until it was reached for the first time. */
  readonly serverId: Readable<ServerId | undefined>
  /** Resolves when it is durable on this device. An abort ends the wait for the documents. */
  save(thing: Savable, signal: AbortSignal): Promise<SavedChange>
  /** `key`: of `savedKey`. */
  unsave(thing: { readonly section: LibrarySection; readonly key: string }, signal: AbortSignal): Promise<SavedChange>
}
