import { ArrowDown, ArrowUp, FileOutput, FolderInput, PencilLine, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { Place } from '@tonestead/crdt/slots/place'
import { findNode } from '../../engine/playlists/playlist-tree.ts'
import type { OpenPlaylist, PlaylistNode } from '../../engine/playlists/playlists.ts'
import type { MenuItem } from '../controls/menu.tsx'
import { useServices } from '../state/services-context.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { MoveItemDialog } from './move-item-dialog.tsx'
import { NameDialog } from './name-dialog.tsx'
import { PlaylistDetailsDialog } from './playlist-details-dialog.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'

/** A playlist or folder that a menu is about. */
export type MenuSubject =
  | { readonly kind: 'playlist'; readonly id: EntryId; readonly name: string; readonly playlist: OpenPlaylist }
  | { readonly kind: 'folder'; readonly id: EntryId; readonly name: string }

type Asked = 'details' | 'folder' | 'export'

/** The items of the menu of a playlist or folder. `dialog` has to be drawn. */
export const useItemMenu = (
  subject: MenuSubject | undefined,
  onDeleted?: () => void,
): { items: () => readonly MenuItem[]; askDetails: () => void; dialog: ReactNode } => {
  const { playlists } = useServices()
  const edits = usePlaylistEdits()
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  const items = (): readonly MenuItem[] => {
    if (subject === undefined) return []
    const { id, name, kind } = subject
    const tree = playlists.tree.get()
    const { siblings, folder } = siblingsOf(tree.kind === 'open' ? tree.nodes : [], id)
    const step = (place: Place | undefined, icon: MenuItem['icon'], label: string): readonly MenuItem[] =>
      place === undefined
        ? []
        : [
            {
              label,
              icon,
              onSelect: () => void edits.moveItem(id, { folder, place }, `${label}: ${name}.`).catch(edits.failed),
            },
          ]
    return [
      { label: kind === 'folder' ? 'Rename' : 'Edit details', icon: PencilLine, onSelect: () => setAsked('details') },
      { label: 'Move to folder…', icon: FolderInput, onSelect: () => setAsked('folder') },
      ...(kind === 'folder'
        ? []
        : [{ label: 'Export…', icon: FileOutput, onSelect: () => setAsked('export') } satisfies MenuItem]),
      ...step(placeBefore(siblings, id), ArrowUp, 'Move up'),
      ...step(placeAfter(siblings, id), ArrowDown, 'Move down'),
      {
        label: 'Delete',
        icon: Trash2,
        startsGroup: true,
        onSelect: () => {
          onDeleted?.()
          void edits.removeItem(id, name).catch(edits.failed)
        },
      },
    ]
  }
  return { items, askDetails: () => setAsked('details'), dialog: dialogOf({ subject, asked, close, edits }) }
}

type DialogParts = {
  readonly subject: MenuSubject | undefined
  readonly asked: Asked | undefined
  readonly close: () => void
  readonly edits: ReturnType<typeof usePlaylistEdits>
}

const dialogOf = ({ subject, asked, close, edits }: DialogParts): ReactNode => {
  if (subject === undefined || asked === undefined) return undefined
  const { id, name } = subject
  if (asked === 'folder') return <MoveItemDialog id={id} name={name} onClose={close} />
  if (subject.kind === 'playlist' && asked === 'export')
    return <ExportDialog playlist={subject.playlist} onClose={close} />
  if (subject.kind === 'playlist') return <PlaylistDetailsDialog playlist={subject.playlist} onClose={close} />
  const rename = (next: string) => void edits.renameFolder(id, next).catch(edits.failed)
  return <NameDialog title="Rename folder" initial={name} submit="Rename" onName={rename} onClose={close} />
}

/** The items of the folder that an item is in. */
const siblingsOf = (nodes: readonly PlaylistNode[], id: EntryId) => {
  const folder = findNode(nodes, id)?.folder
  const parent = folder === undefined ? undefined : findNode(nodes, folder)?.node
  return { folder, siblings: parent?.kind === 'folder' ? parent.children : nodes }
}

/** One place up; undefined for the first. */
const placeBefore = (siblings: readonly PlaylistNode[], id: EntryId): Place | undefined => {
  const index = siblings.findIndex((node) => node.id === id)
  if (index <= 0) return undefined
  const before = siblings[index - 2]
  return before === undefined ? { kind: 'start' } : { kind: 'after', entry: before.id }
}

/** One place down; undefined for the last. */
const placeAfter = (siblings: readonly PlaylistNode[], id: EntryId): Place | undefined => {
  const after = siblings[siblings.findIndex((node) => node.id === id) + 1]
  return after === undefined ? undefined : { kind: 'after', entry: after.id }
}
