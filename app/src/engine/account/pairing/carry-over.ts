import type { EntryId, IntentId } from '@tonestead/crdt/ids'
import { documentKinds } from '@tonestead/crdt/documents/document-kind'
import { savedIn } from '@tonestead/crdt/library/library-document'
import { allShards } from '@tonestead/crdt/library/library-shards'
import { playsIn } from '@tonestead/crdt/listening/history-document'
import { playlistDetails, playlistEntries } from '@tonestead/crdt/playlists/playlist-document'
import { historyMonths, libraryShardsOf } from '@tonestead/crdt/root/root-document'
import { folderTree, type FolderNode } from '@tonestead/crdt/root/folder-tree'
import type { RootDocument } from '@tonestead/crdt/root/root-document'
import { z } from 'zod'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import type { ValueStore } from '../../../ports/value-store.ts'
import type { DocumentRef, DocumentService } from '../../documents/documents.ts'
import { newIntentId } from '../../documents/new-intent-id.ts'
import { keptValue } from './kept-value.ts'

// A profile that kept things before it was added to an account takes them along: as intents, which count once however often they are given.

type AnyRef = DocumentRef
type Carried = { readonly ref: AnyRef; readonly intent: { readonly id: IntentId; readonly kind: string } }

const carriedSchema = z.array(
  z.object({
    ref: z.object({ address: z.looseObject({ kind: z.enum(documentKinds) }) }),
    intent: z.looseObject({ id: z.string(), kind: z.string() }),
  }),
)

type Reading = { readonly documents: Pick<DocumentService, 'open' | 'idsOf'>; readonly random: Random }
type Draft = { readonly ref: AnyRef; readonly intent: { readonly kind: string } & Record<string, unknown> }

/** [AP4] Everything of this profile's own account that goes along: playlists with their folders, saved music and history. Settings are those of the new account. */
export const collectKept = async (reading: Reading, signal: AbortSignal): Promise<readonly Carried[]> => {
  const view = await reading.documents.open({ address: { kind: 'root' } }, signal)
  if (view.kind !== 'open') return []
  const root = view.document
  const drafts = [
    ...(await savedDrafts(reading, root, signal)),
    ...(await historyDrafts(reading, root, signal)),
    ...(await itemDrafts(reading, folderTree(root), { folder: undefined, signal })),
  ]
  return drafts.map(({ ref, intent }) => ({ ref, intent: { ...intent, id: newIntentId(reading.random) } }))
}

const savedDrafts = async ({ documents }: Reading, root: RootDocument, signal: AbortSignal): Promise<Draft[]> => {
  const shards = []
  for (const address of allShards(libraryShardsOf(root))) {
    const view = await documents.open<'library'>({ address }, signal)
    if (view.kind === 'open') shards.push(view.document)
  }
  const { tracks, releases, artists } = savedIn(shards)
  // Shards hold the same together as one does.
  const ref: AnyRef = { address: { kind: 'library', shards: 1, shard: 0 } }
  const drafts: Draft[] = [
    ...inParts([...tracks.values()]).map((part) => ({ ref, intent: { kind: 'saveTracks', tracks: part } })),
    ...inParts([...releases.values()]).map((part) => ({ ref, intent: { kind: 'saveReleases', releases: part } })),
    ...inParts([...artists.values()]).map((part) => ({ ref, intent: { kind: 'saveArtists', artists: part } })),
  ]
  return drafts
}

const historyDrafts = async ({ documents }: Reading, root: RootDocument, signal: AbortSignal): Promise<Draft[]> => {
  const drafts: Draft[] = []
  for (const { device, month } of historyMonths(root)) {
    const ref = { address: { kind: 'history', device, month } } as const
    const view = await documents.open<'history'>(ref, signal)
    const plays = view.kind === 'open' ? playsIn([view.document]) : []
    if (plays.length === 0) continue
    drafts.push({ ref: { address: { kind: 'root' } }, intent: { kind: 'addHistoryMonth', device, month } })
    drafts.push(...inParts(plays).map((part) => ({ ref, intent: { kind: 'addPlays', plays: part } })))
  }
  return drafts
}

type Within = { readonly folder: EntryId | undefined; readonly signal: AbortSignal }

const itemDrafts = async (reading: Reading, nodes: readonly FolderNode[], within: Within): Promise<Draft[]> => {
  const drafts: Draft[] = []
  for (const { id, item, children } of nodes) {
    if (item === undefined) continue
    if (item.kind === 'folder') {
      const name = item.name ?? ''
      drafts.push(placeDraft({ id, item: { kind: 'folder' }, name }, within))
      drafts.push(...(await itemDrafts(reading, children, { ...within, folder: id })))
    } else {
      const own = await reading.documents.idsOf({ address: { kind: 'playlist', id } })
      // A playlist of another collection is shared with the account that this profile leaves.
      if (own?.collection === item.collection) drafts.push(...(await playlistDrafts(reading, id, within)))
    }
  }
  return drafts
}

const placeDraft = (item: object, { folder }: Within): Draft => ({
  ref: { address: { kind: 'root' } },
  intent: { kind: 'addItems', items: [item], place: { kind: 'end' }, ...(folder === undefined ? {} : { folder }) },
})

const playlistDrafts = async ({ documents }: Reading, id: EntryId, within: Within): Promise<Draft[]> => {
  const ref = { address: { kind: 'playlist', id } } as const
  const view = await documents.open<'playlist'>(ref, within.signal)
  if (view.kind !== 'open') return []
  const { title, description, cover } = playlistDetails(view.document)
  const entries = playlistEntries(view.document).flatMap(({ id: entry, item }) =>
    item === undefined ? [] : [{ id: entry, ...item }],
  )
  return [
    ...(title === undefined ? [] : [{ ref, intent: { kind: 'setTitle', title } }]),
    ...(description === undefined ? [] : [{ ref, intent: { kind: 'setDescription', description } }]),
    ...(cover === undefined ? [] : [{ ref, intent: { kind: 'setCover', cover } }]),
    ...inParts(entries).map((part) => ({ ref, intent: { kind: 'addEntries', entries: part, place: { kind: 'end' } } })),
    // Its collection is named when it is applied: it is another one there.
    placeDraft({ id, item: { kind: 'playlist' } }, within),
  ]
}

const partLength = 100

const inParts = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / partLength) }, (_, index) =>
    all.slice(index * partLength, (index + 1) * partLength),
  )

/** Keeps the intents until the next start, which is the first one of the new account. */
export const storeKept = async (values: Pick<ValueStore, 'put'>, kept: readonly Carried[]): Promise<void> => {
  if (kept.length > 0) await values.put(keptValue, kept)
}

type Applying = {
  readonly values: Pick<ValueStore, 'get' | 'put'>
  readonly documents: Pick<DocumentService, 'edit' | 'idsOf' | 'status'>
  readonly log: Log
}

/** [AP4] Gives what waits to the account, once its log is here. After a failure it is given again at the next start. */
export const applyKept = async ({ values, documents, log }: Applying): Promise<void> => {
  const stored = await values.get(keptValue)
  if (stored === undefined) return
  const kept = carriedSchema.parse(stored)
  await synced(documents)
  let failures = 0
  for (const { ref, intent } of kept) {
    const own = await withIds(documents, intent)
    const result = await documents.edit(ref as AnyRef, own as never)
    if (result.kind !== 'kept' && result.kind !== 'unchanged') {
      failures += 1
      log.warn('something that was carried over was not kept', { kind: intent.kind, result: result.kind })
    }
  }
  if (failures === 0) await values.put(keptValue, undefined)
  log.info('what this profile had kept is in the account', { intents: kept.length, failures })
}

/** A playlist in the root is named by its ids, which follow from the collection of the account. */
const withIds = async ({ idsOf }: Pick<DocumentService, 'idsOf'>, intent: object): Promise<object> => {
  const { success, data } = playlistItemSchema.safeParse(intent)
  if (!success) return intent
  const items = []
  for (const { id, item } of data.items) {
    const ids = await idsOf({ address: { kind: 'playlist', id: id as EntryId } })
    items.push({ id, item: { ...item, ...ids } })
  }
  return { ...data, items }
}

const playlistItemSchema = z.looseObject({
  kind: z.literal('addItems'),
  items: z.array(z.object({ id: z.string(), item: z.object({ kind: z.literal('playlist') }) })),
})

const synced = ({ status }: Pick<DocumentService, 'status'>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const readable = status()
  const look = (): void => {
    if (readable.get().kind === 'synced') resolve(undefined)
  }
  const stop = readable.subscribe(look)
  look()
  return promise.finally(stop)
}
