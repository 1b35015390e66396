import { maxTitleUnits } from '@tonestead/crdt/documents/document-limits'
import type { EntryId } from '@tonestead/crdt/ids'
import type { RootItem } from '@tonestead/crdt/root/packed-item'
import type { NewRootItem, RootIntent } from '@tonestead/crdt/root/root-intent'
import { fitText } from '@tonestead/crdt/tracks/track-reference'
import type { DocumentIds } from '../documents/documents.ts'
import { additionOf, titleIntent } from './playlist-commands.ts'
import { findNode, mayGoInto, treeOf } from './playlist-tree.ts'
import { playlistRef, type PlaylistsContext } from './playlists-context.ts'
import type { Changed, Created, PlaylistNode, Playlists } from './playlists.ts'

type Commands = Pick<Playlists, 'create' | 'createFolder' | 'renameFolder' | 'removeItems' | 'moveItems'>

/** Changes of the tree of playlists and folders. */
export const createTreeCommands = (context: PlaylistsContext): Commands => ({
  create: (wanted) => createPlaylist(context, wanted),
  createFolder: async (name, folder) => {
    const id = context.newEntryId()
    const item = { id, item: { kind: 'folder' }, name: folderName(name) } as const
    return createdOf(id, await addItem(context, item, folder))
  },
  renameFolder: (folder, name) =>
    context.treeHistory.change(() => [
      { kind: 'renameFolder', id: context.newIntentId(), folder, name: folderName(name) },
    ]),
  removeItems: (ids) => changeNodes(context, (nodes) => removalOf(context, nodes, ids)),
  moveItems: (ids, { folder, place = { kind: 'end' } }) =>
    changeNodes(context, (nodes) => {
      const moved = ids.filter((id) => mayGoInto(nodes, id, folder))
      return moved.length === 0
        ? []
        : [{ kind: 'moveItems', id: context.newIntentId(), ids: moved, place, ...into(folder) }]
    }),
})

const folderName = (name: string): string => fitText(name.trim(), maxTitleUnits) || 'Untitled folder'
const into = (folder: EntryId | undefined): { readonly folder?: EntryId } => (folder === undefined ? {} : { folder })

const changeNodes = (
  { treeHistory }: PlaylistsContext,
  make: (nodes: readonly PlaylistNode[]) => readonly RootIntent[],
): Promise<Changed> =>
  treeHistory.change((document) => {
    const tree = treeOf({ kind: 'open', document, isKnown: true, isReadOnly: false })
    return tree.kind === 'open' ? make(tree.nodes) : []
  })

const addItem = (
  { treeHistory, newIntentId }: PlaylistsContext,
  item: NewRootItem,
  folder: EntryId | undefined,
): Promise<Changed> =>
  treeHistory.change(() => [
    { kind: 'addItems', id: newIntentId(), items: [item], place: { kind: 'end' }, ...into(folder) },
  ])

const createdOf = (id: EntryId, changed: Changed): Created => {
  if (changed.kind === 'changed') return { kind: 'created', id, undo: changed.undo }
  return changed.kind === 'unchanged' ? { kind: 'refused', reason: 'failed' } : changed
}

/** [PY3] The document first and its item last: after a crash between them there is a document that nobody sees, and never an item without its document. */
const createPlaylist = async (
  context: PlaylistsContext,
  { title, tracks = [], folder }: Parameters<Playlists['create']>[0],
): Promise<Created> => {
  const id = context.newEntryId()
  const add = additionOf(context, tracks)
  if (add === undefined && tracks.length > 0) return { kind: 'no-server' }
  const ids = await context.documents.idsOf(playlistRef(id))
  if (ids === undefined) return { kind: 'unavailable', reason: 'not-begun' }
  // Not in the history of the playlist: its undo is to remove the playlist.
  const filled = await context.begin(id, [
    titleIntent(context.newIntentId(), title),
    ...(add === undefined || tracks.length === 0 ? [] : [add(context.newIntentId())]),
  ])
  if (filled.kind !== 'changed' && filled.kind !== 'unchanged') return filled
  return createdOf(id, await addItem(context, { id, item: itemOf(ids) }, folder))
}

const itemOf = ({ collection, document }: DocumentIds): RootItem => ({ kind: 'playlist', collection, document })

/** [PY6] What is in a removed folder goes to where the folder was. */
const removalOf = (
  { newIntentId }: PlaylistsContext,
  nodes: readonly PlaylistNode[],
  ids: readonly EntryId[],
): readonly RootIntent[] => {
  const removed = new Set<string>(ids)
  const freed = ids.flatMap((id): RootIntent[] => {
    const found = findNode(nodes, id)
    if (found?.node.kind !== 'folder') return []
    const children = found.node.children.map((child) => child.id).filter((child) => !removed.has(child))
    return children.length === 0
      ? []
      : [
          {
            kind: 'moveItems',
            id: newIntentId(),
            ids: children,
            place: { kind: 'after', entry: id },
            ...into(keptFolder(nodes, found.folder, removed)),
          },
        ]
  })
  return [...freed, { kind: 'removeItems', id: newIntentId(), ids }]
}

/** The nearest folder around that stays. */
const keptFolder = (
  nodes: readonly PlaylistNode[],
  folder: EntryId | undefined,
  removed: ReadonlySet<string>,
): EntryId | undefined =>
  folder !== undefined && removed.has(folder) ? keptFolder(nodes, findNode(nodes, folder)?.folder, removed) : folder
