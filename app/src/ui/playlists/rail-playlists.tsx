import { ChevronDown, ChevronRight, Folder, Plus } from 'lucide-react'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistNode } from '../../engine/playlists/playlists.ts'
import { AppLink } from '../controls/app-link.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { classNames } from '../state/class-names.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { PlaylistCover } from './playlist-cover.tsx'
import { useDropOfTracks } from './use-drop-of-tracks.ts'
import { useCreatePlaylist } from './use-create-playlist.tsx'
import css from './rail-playlists.module.css'

/** Playlists and folders in the rail. Narrow screens have no room for them: there they are a part of the library. */
export const RailPlaylists = () => {
  const isNarrow = useReadable(useUiState().isRailNarrow)
  return useFrameKind() === 'desktop' && !isNarrow ? <PlaylistList /> : undefined
}

/** So many are listed in one folder; the library has all. */
const mostListed = 100

const PlaylistList = () => {
  const tree = useReadable(useServices().playlists.tree)
  const { ask, dialog } = useCreatePlaylist()
  if (tree.kind !== 'open') return undefined
  return (
    <section className={css['section']} aria-label="Playlists">
      <div className={css['head']}>
        <AppLink href="/library/playlists" className={css['heading']}>
          <h2>Playlists</h2>
        </AppLink>
        <IconButton label="Create playlist" icon={Plus} look="small" onClick={() => ask('playlist')} />
      </div>
      {tree.nodes.length === 0 ? <p className={css['empty']}>None yet.</p> : <NodeList nodes={tree.nodes} />}
      {dialog}
    </section>
  )
}

const NodeList = ({ nodes }: { nodes: readonly PlaylistNode[] }) => (
  <ul className={css['list']}>
    {nodes.slice(0, mostListed).map((node) => (
      <li key={node.id}>{node.kind === 'folder' ? <FolderRow folder={node} /> : <PlaylistLink id={node.id} />}</li>
    ))}
    {nodes.length > mostListed ? (
      <li>
        <AppLink href="/library/playlists" className={css['link']}>
          All playlists
        </AppLink>
      </li>
    ) : undefined}
  </ul>
)

const FolderRow = ({ folder }: { folder: Extract<PlaylistNode, { kind: 'folder' }> }) => {
  const [isOpen, setOpen] = useState(false)
  const [params] = useSearchParams()
  return (
    <>
      <div className={css['folder']}>
        <IconButton
          label={`${isOpen ? 'Close' : 'Open'} ${folder.name}`}
          icon={isOpen ? ChevronDown : ChevronRight}
          look="small"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
        <AppLink
          href={`/library/playlists?folder=${folder.id}`}
          className={css['link']}
          aria-current={params.get('folder') === folder.id ? 'page' : undefined}
        >
          <Icon of={Folder} size={18} />
          <bdi className={css['name']}>{folder.name}</bdi>
        </AppLink>
      </div>
      {isOpen ? <NodeList nodes={folder.children} /> : undefined}
    </>
  )
}

const PlaylistLink = ({ id }: { id: EntryId }) => {
  const playlist = useReadable(useServices().playlists.playlist(id))
  const [path] = useLocation()
  const href = `/playlist/${id}`
  const { isOver, handlers } = useDropOfTracks(playlist.kind === 'open' ? playlist : undefined)
  if (playlist.kind !== 'open') return undefined
  return (
    <AppLink
      href={href}
      className={classNames(css['link'], isOver && css['over'])}
      {...handlers}
      aria-current={path === href ? 'page' : undefined}
    >
      <PlaylistCover playlist={playlist} size={28} />
      <bdi className={css['name']}>{playlist.title}</bdi>
    </AppLink>
  )
}
