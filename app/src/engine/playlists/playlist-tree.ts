import type { EntryId } from '@tonestead/crdt/ids'
import { folderTree, type FolderNode } from '@tonestead/crdt/root/folder-tree'
import type { DocumentView } from '../documents/documents.ts'
import type { PlaylistNode, PlaylistTree } from './playlists.ts'

/** The tree of a root document. Items that cannot be read are left out. */
export const treeOf = (view: DocumentView<'root'>): PlaylistTree =>
  view.kind === 'open' ? { kind: 'open', nodes: nodesOf(folderTree(view.document)), isReadOnly: view.isReadOnly } : view

const nodesOf = (nodes: readonly FolderNode[]): PlaylistNode[] =>
  nodes.flatMap(({ id, item, children }): PlaylistNode[] => {
    if (item === undefined) return []
    if (item.kind === 'playlist') return [{ kind: 'playlist', id, collection: item.collection }]
    const name = item.name === undefined || item.name.trim() === '' ? 'Untitled folder' : item.name
    return [{ kind: 'folder', id, name, children: nodesOf(children) }]
  })

/** All nodes, each before what is in it, with the folder that each is in. */
export const flatNodes = (
  nodes: readonly PlaylistNode[],
  folder?: EntryId,
): { readonly node: PlaylistNode; readonly folder: EntryId | undefined }[] =>
  nodes.flatMap((node) => [{ node, folder }, ...(node.kind === 'folder' ? flatNodes(node.children, node.id) : [])])

/** A node of the tree and the folder that it is in; undefined when there is none with this id. */
export const findNode = (nodes: readonly PlaylistNode[], id: string) =>
  flatNodes(nodes).find(({ node }) => node.id === id)

/** [PY6] Whether an item may go into a folder: a folder may go neither into itself nor into a folder inside it. */
export const mayGoInto = (nodes: readonly PlaylistNode[], id: EntryId, folder: EntryId | undefined): boolean => {
  const found = findNode(nodes, id)
  if (found === undefined || folder === undefined) return found !== undefined
  if (findNode(nodes, folder)?.node.kind !== 'folder' || folder === id) return false
  return found.node.kind === 'playlist' || findNode(found.node.children, folder) === undefined
}
