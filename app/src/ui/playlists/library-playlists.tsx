import { ChevronLeft, Ellipsis, FileInput, FolderPlus, ListMusic, Plus } from 'lucide-react'
import { useCallback } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { EntryId } from '@tonestead/crdt/ids'
import { findNode } from '../../engine/playlists/playlist-tree.ts'
import type { PlaylistNode, PlaylistTree } from '../../engine/playlists/playlists.ts'
import { CardGrid } from '../cards/card-grid.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { MenuButton } from '../controls/menu.tsx'
import { CardSkeletons } from '../controls/skeleton.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { unavailableText } from './change-text.ts'
import { NodeCard } from './node-card.tsx'
import { useCreatePlaylist } from './use-create-playlist.tsx'
import { useItemMenu } from './use-item-menu.tsx'
import { useUndoKeys } from './use-undo-keys.ts'
import css from './library-playlists.module.css'

/** The part "Playlists" of the library: the top, or one folder (`?folder=<id>`). */
export const LibraryPlaylists = () => {
  const tree = useReadable(useServices().playlists.tree)
  useUndoKeys('tree')
  if (tree.kind === 'loading') return <CardSkeletons count={6} />
  if (tree.kind === 'unavailable')
    return (
      <EmptyState picture={<Icon of={ListMusic} size={40} />} title="Playlists are not available">
        {unavailableText(tree.reason)}
      </EmptyState>
    )
  return <OpenTree tree={tree} />
}

type Folder = Extract<PlaylistNode, { kind: 'folder' }>

const OpenTree = ({ tree }: { tree: Extract<PlaylistTree, { kind: 'open' }> }) => {
  const [params] = useSearchParams()
  const { ask, dialog } = useCreatePlaylist()
  const found = findNode(tree.nodes, params.get('folder') ?? '')
  const folder = found?.node.kind === 'folder' ? found.node : undefined
  const parent = found?.folder === undefined ? undefined : findNode(tree.nodes, found.folder)?.node
  const nodes = folder?.children ?? tree.nodes
  return (
    <>
      <div className={css['bar']}>
        {folder === undefined ? undefined : <FolderHead folder={folder} parent={parent} />}
        {tree.isReadOnly ? undefined : (
          <div className={css['actions']}>
            <Button icon={Plus} look="primary" onClick={() => ask('playlist', folder?.id)}>
              Create playlist
            </Button>
            <Button icon={FolderPlus} onClick={() => ask('folder', folder?.id)}>
              Create folder
            </Button>
            <Button icon={FileInput} onClick={() => ask('import', folder?.id)}>
              Import playlist
            </Button>
          </div>
        )}
      </div>
      {nodes.length === 0 ? <NothingHere isFolder={folder !== undefined} /> : <Nodes nodes={nodes} />}
      {dialog}
    </>
  )
}

const NothingHere = ({ isFolder }: { isFolder: boolean }) => (
  <EmptyState
    picture={<Icon of={ListMusic} size={40} />}
    title={isFolder ? 'This folder is empty' : 'No playlists yet'}
  >
    {isFolder
      ? 'Create a playlist here, or move one here with “Move to folder…” in its menu.'
      : 'Create one here, or choose “Add to playlist” in the menu of any track. They are kept on this device, and follow you to your others.'}
  </EmptyState>
)

const nothing = () => undefined

const Nodes = ({ nodes }: { nodes: readonly PlaylistNode[] }) => {
  const at = useCallback((index: number) => nodes[index], [nodes])
  const keyOf = useCallback((node: PlaylistNode) => node.id as string, [])
  return (
    <CardGrid
      label="Playlists"
      count={nodes.length}
      at={at}
      keyOf={keyOf}
      draw={(node) => <NodeCard node={node} />}
      onShow={nothing}
    />
  )
}

const hrefOf = (folder: EntryId | undefined): string =>
  folder === undefined ? '/library/playlists' : `/library/playlists?folder=${folder}`

const FolderHead = ({ folder, parent }: { folder: Folder; parent: PlaylistNode | undefined }) => {
  const [, navigate] = useLocation()
  const { items, dialog } = useItemMenu({ kind: 'folder', id: folder.id, name: folder.name }, () =>
    navigate(hrefOf(parent?.id), { replace: true }),
  )
  return (
    <div className={css['folder']}>
      <AppLink href={hrefOf(parent?.id)} className={css['back']}>
        <Icon of={ChevronLeft} size={18} />
        <bdi>{parent?.kind === 'folder' ? parent.name : 'Playlists'}</bdi>
      </AppLink>
      <h2 className={css['title']}>
        <bdi>{folder.name}</bdi>
      </h2>
      <MenuButton label={`More actions for ${folder.name}`} icon={Ellipsis} items={items} />
      {dialog}
    </div>
  )
}
