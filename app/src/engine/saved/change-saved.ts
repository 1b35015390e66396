import type { ServerId } from '@tonestead/crdt/ids'
import { libraryEntries, type LibraryDocument, type LibrarySection } from '@tonestead/crdt/library/library-document'
import type { LibraryIntent } from '@tonestead/crdt/library/library-intent'
import { shardOf, shardsOf, wantedShards, type ShardCount } from '@tonestead/crdt/library/library-shards'
import { undoOfLibraryIntent } from '@tonestead/crdt/library/undo-library'
import { libraryShardsOf } from '@tonestead/crdt/root/root-document'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { DocumentRef, DocumentService, DocumentsFault, EditResult } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import type { Readable } from '../readable.ts'
import { keyOfSavable, saveIntent } from './save-intent.ts'
import type { NotChanged, Savable, SavedChange } from './saved-music.ts'
import { rootRef } from './saved-view.ts'

/** What changing needs. */
export type SavedDeps = {
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly clock: Clock
  readonly random: Random
}

/** One edit of a document of the library, and the document as it was before. */
type LibraryEdit = {
  readonly ref: DocumentRef<'library'>
  readonly intent: LibraryIntent
  readonly before: LibraryDocument
}
/** A document of the library that may hold a key. */
type Holder = { readonly ref: DocumentRef<'library'>; readonly document: LibraryDocument }
type Holders =
  | { readonly kind: 'open'; readonly shards: ShardCount; readonly holders: readonly Holder[] }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

/** [SV2] [SV3] `SavedMusic.save` */
export const save = async (deps: SavedDeps, thing: Savable, signal: AbortSignal): Promise<SavedChange> => {
  const serverId = deps.serverId.get()
  if (serverId === undefined) return notChanged('server-unknown')
  const key = keyOfSavable(thing, serverId)
  const found = await holdersOf(deps, key, signal)
  if (found.kind === 'unavailable') return notChanged(found.reason)
  if (found.holders.some(({ document }) => holds(document, thing.section, key))) return { kind: 'unchanged' }
  const target = await targetOf(deps, { ...found, key }, signal)
  if (target.kind !== 'open') return notChanged(target.reason)
  const intent = saveIntent(thing, { id: newIntentId(deps.random), serverId, savedAt: deps.clock.now() })
  return apply(deps, [{ ref: target.ref, intent, before: target.document }])
}

/** [SV2] `SavedMusic.unsave`: it is removed from each document that holds it. */
export const unsave = async (
  deps: SavedDeps,
  { section, key }: { readonly section: LibrarySection; readonly key: string },
  signal: AbortSignal,
): Promise<SavedChange> => {
  const found = await holdersOf(deps, key, signal)
  if (found.kind === 'unavailable') return notChanged(found.reason)
  const edits = found.holders
    .filter(({ document }) => holds(document, section, key))
    .map(({ ref, document }): LibraryEdit => {
      const id = newIntentId(deps.random)
      return { ref, before: document, intent: { kind: 'unsave', id, section, keys: [key] } }
    })
  return apply(deps, edits)
}

const holds = (document: LibraryDocument, section: LibrarySection, key: string): boolean =>
  Object.hasOwn(document[section], key)

/** The documents that may hold a key, the one that it is saved to last. */
const holdersOf = async ({ documents }: SavedDeps, key: string, signal: AbortSignal): Promise<Holders> => {
  const root = await documents.open(rootRef, signal)
  if (root.kind === 'unavailable') return root
  const shards = libraryShardsOf(root.document)
  const holders: Holder[] = []
  for (const address of shardsOf(key, shards)) {
    const view = await documents.open<'library'>({ address }, signal)
    if (view.kind === 'unavailable') return view
    holders.push({ ref: { address }, document: view.document })
  }
  return { kind: 'open', shards, holders }
}

type Target = ({ readonly kind: 'open' } & Holder) | { readonly kind: 'none'; readonly reason: NotChanged }

/** [SV3] The document that a key is saved to. When it is full, further ones are begun first. */
const targetOf = async (
  { documents, random }: SavedDeps,
  { shards, holders, key }: Extract<Holders, { kind: 'open' }> & { readonly key: string },
  signal: AbortSignal,
): Promise<Target> => {
  const last = holders.at(-1)
  if (last === undefined) throw new Error('a library has at least one document')
  const wanted = wantedShards(shards, libraryEntries(last.document))
  if (wanted === shards || wanted === 1) return { kind: 'open', ...last }
  const began = await documents.edit(rootRef, { kind: 'splitLibrary', id: newIntentId(random), shards: wanted })
  const failure = failureOf(began)
  if (failure !== undefined) return { kind: 'none', reason: failure }
  const ref: DocumentRef<'library'> = { address: shardOf(key, wanted) }
  const view = await documents.open(ref, signal)
  return view.kind === 'unavailable'
    ? { kind: 'none', reason: view.reason }
    : { kind: 'open', ref, document: view.document }
}

/** [SV4] Makes the edits in order; their undo is made of edits too. */
const apply = async (deps: SavedDeps, edits: readonly LibraryEdit[]): Promise<SavedChange> => {
  const done: LibraryEdit[] = []
  for (const edit of edits) {
    const result = await deps.documents.edit(edit.ref, edit.intent)
    const failure = failureOf(result)
    if (failure !== undefined) return notChanged(failure)
    if (result.kind === 'kept') done.push(edit)
  }
  return done.length === 0 ? { kind: 'unchanged' } : { kind: 'changed', undo: () => undo(deps, done) }
}

const undo = async (deps: SavedDeps, done: readonly LibraryEdit[]): Promise<SavedChange> => {
  const edits: LibraryEdit[] = []
  for (const { ref, intent, before } of done) {
    const reversed = undoOfLibraryIntent({ before, intent, id: newIntentId(deps.random) })
    const now = await deps.documents.open(ref, new AbortController().signal)
    if (now.kind === 'unavailable') return notChanged(now.reason)
    if (reversed !== undefined) edits.push({ ref, intent: reversed, before: now.document })
  }
  return apply(deps, edits)
}

const failureOf = (result: EditResult): NotChanged | undefined => {
  if (result.kind === 'read-only') return 'read-only'
  if (result.kind !== 'refused') return undefined
  return result.reason === 'document-full' ? 'full' : 'refused'
}

const notChanged = (reason: NotChanged): SavedChange => ({ kind: 'not-changed', reason })

/** What this file does, for who loads it later. */
export type SavedChanges = { readonly save: typeof save; readonly unsave: typeof unsave }
