import type { EntryId } from '@tonestead/crdt/ids'
import { playlistDetails, playlistEntries, type PlaylistDocument } from '@tonestead/crdt/playlists/playlist-document'
import type { PlaylistIntent } from '@tonestead/crdt/playlists/playlist-intent'
import { toBase64Url, utf8 } from '@tonestead/protocol/bytes'
import { nonceBytes } from '@tonestead/protocol/sync/derived-ids'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import type { Random } from '../../ports/random.ts'
import type { DocumentService, DocumentRef } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { playlistRef, rootRef } from '../playlists/playlists-context.ts'
import type { AskLeader } from './ask-leader.ts'
import type { PeopleFailure, Shared } from './people.ts'

export type SharingDeps = {
  readonly documents: DocumentService
  readonly random: Random
  readonly ask: AskLeader
}

const never = new AbortController().signal

/**
 * [PE2] Begins a shared collection, copies the playlist into it with the ids, authors and times of its entries, and then lets the item in the tree name the copy.
 * The collection follows from the playlist, and the copy takes what is missing: after a crash the same steps finish the work, and nothing is there twice.
 */
export const sharePlaylist = async (deps: SharingDeps, playlist: EntryId): Promise<Shared | PeopleFailure> => {
  const { documents, ask } = deps
  const own = await documents.idsOf(playlistRef(playlist))
  if (own === undefined) return { kind: 'unavailable', reason: 'not-begun' }
  const nonce = hashOf(utf8('share'), utf8(own.document)).subarray(0, nonceBytes)
  const begun = await ask({ kind: 'begin', nonce: toBase64Url(nonce) })
  if (begun.kind === 'done') return { kind: 'failed' }
  if (begun.kind !== 'begun') return begun
  const { collection } = begun
  const copied = await copyPlaylist(deps, { from: playlistRef(playlist), to: playlistRef(playlist, collection) })
  if (copied !== undefined) return copied
  const named = await nameCopy(deps, playlist, collection)
  if (named !== undefined) return named
  // What another tab of this device added to the old document meanwhile.
  const rest = await copyPlaylist(deps, { from: playlistRef(playlist), to: playlistRef(playlist, collection) })
  return rest ?? { kind: 'shared', collection }
}

type PlaylistRef = DocumentRef<'playlist'>

/** Gives what went wrong. */
const copyPlaylist = async (
  { documents, random }: SharingDeps,
  { from, to }: { readonly from: PlaylistRef; readonly to: PlaylistRef },
): Promise<PeopleFailure | undefined> => {
  const [source, copy] = await Promise.all([documents.open(from, never), documents.open(to, never)])
  if (source.kind === 'unavailable') return source
  if (copy.kind === 'unavailable') return copy
  for (const intent of missingIn(source.document, copy.document, random)) {
    const result = await documents.edit(to, intent)
    if (result.kind === 'refused') return result
    if (result.kind === 'read-only') return { kind: 'impossible' }
  }
  return undefined
}

/** Changes that bring into the copy what it lacks. Texts are only brought where it has none. */
const missingIn = (source: PlaylistDocument, copy: PlaylistDocument, random: Random): readonly PlaylistIntent[] => {
  const [from, to] = [playlistDetails(source), playlistDetails(copy)]
  const id = () => newIntentId(random)
  const entries = playlistEntries(source).flatMap(({ id: entry, item }) =>
    item === undefined || Object.hasOwn(copy.entries, entry) ? [] : [{ id: entry, ...item }],
  )
  const isNew = (name: 'title' | 'description' | 'cover') => from[name] !== undefined && to[name] === undefined
  return [
    ...(isNew('title') ? [{ kind: 'setTitle', id: id(), title: from.title ?? '' } as const] : []),
    ...(isNew('description')
      ? [{ kind: 'setDescription', id: id(), description: from.description ?? '' } as const]
      : []),
    ...(entries.length === 0 ? [] : [{ kind: 'addEntries', id: id(), entries, place: { kind: 'end' } } as const]),
    ...(isNew('cover') && from.cover !== undefined ? [{ kind: 'setCover', id: id(), cover: from.cover } as const] : []),
  ]
}

const nameCopy = async (
  { documents, random }: SharingDeps,
  playlist: EntryId,
  collection: string,
): Promise<PeopleFailure | undefined> => {
  const ids = await documents.idsOf(playlistRef(playlist, collection))
  if (ids === undefined) return { kind: 'unavailable', reason: 'not-begun' }
  const item = { kind: 'playlist', ...ids } as const
  const intent = { kind: 'replaceItem', id: newIntentId(random), entry: playlist, item } as const
  const result = await documents.edit(rootRef, intent)
  if (result.kind === 'refused') return result
  return result.kind === 'read-only' ? { kind: 'impossible' } : undefined
}
