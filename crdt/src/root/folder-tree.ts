import type { EntryId } from '../ids.ts'
import { folderOfSlot } from '../slots/slot-ids.ts'
import { shown } from '../slots/slot-list.ts'
import type { RootItem } from './packed-item.ts'
import { rootItem, type RootDocument } from './root-document.ts'

/** An item with the items in it. `item` is undefined when its record cannot be read. */
export type FolderNode = {
  readonly id: EntryId
  readonly item: (RootItem & { readonly name?: string }) | undefined
  readonly children: readonly FolderNode[]
}

/**
 * [RT1] [RT2] The playlists and folders as a tree, each item once, in the order of the document. An item whose folder is gone, is no folder, or was moved into
 * itself by two people at the same time is at the top: of the folders of a circle the one with the lowest id.
 */
export const folderTree = (root: RootDocument): FolderNode[] => {
  const items = shown(root).map(({ id, slot }) => {
    const entry = id as EntryId
    return { id: entry, folder: folderOfSlot(slot), item: rootItem(root, entry) }
  })
  const folders = new Set<string>(items.filter(({ item }) => item?.kind === 'folder').map(({ id }) => id))
  const parents = new Map<string, string>(
    items.filter(({ folder }) => folders.has(folder)).map(({ id, folder }) => [id, folder]),
  )
  for (const id of circleEnds(parents)) parents.delete(id)
  const nodes = new Map(items.map(({ id, item }) => [id as string, { id, item, children: [] as FolderNode[] }]))
  const top: FolderNode[] = []
  for (const [id, node] of nodes) (nodes.get(parents.get(id) ?? '')?.children ?? top).push(node)
  return top
}

/** Of each circle of parents the lowest id. */
const circleEnds = (parents: ReadonlyMap<string, string>): string[] => {
  const done = new Set<string>()
  const ends: string[] = []
  for (const start of parents.keys()) {
    const path: string[] = []
    let id: string | undefined = start
    while (id !== undefined && !done.has(id)) {
      done.add(id)
      path.push(id)
      id = parents.get(id)
    }
    const circle = id === undefined ? [] : path.slice(path.indexOf(id))
    if (path.includes(id ?? '')) ends.push(circle.reduce((lowest, each) => (each < lowest ? each : lowest)))
  }
  return ends
}
