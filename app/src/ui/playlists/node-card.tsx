import { Ellipsis, Folder, Pause, Play } from 'lucide-react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { OpenPlaylist, PlaylistNode } from '../../engine/playlists/playlists.ts'
import { AppLink } from '../controls/app-link.tsx'
import { Icon } from '../controls/icon.tsx'
import { MenuButton } from '../controls/menu.tsx'
import { SkeletonBlock } from '../controls/skeleton.tsx'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { PlaylistCover } from './playlist-cover.tsx'
import { factsOfPlaylist } from './playlist-facts.ts'
import { useItemMenu } from './use-item-menu.tsx'
import { usePlayPlaylist } from './use-play-playlist.ts'
import card from '../cards/card.module.css'
import css from './node-card.module.css'

/** A playlist or folder as a card. */
export const NodeCard = ({ node }: { node: PlaylistNode }) =>
  node.kind === 'folder' ? <FolderCard folder={node} /> : <PlaylistById id={node.id} />

const FolderCard = ({ folder }: { folder: Extract<PlaylistNode, { kind: 'folder' }> }) => {
  const { items, dialog } = useItemMenu({ kind: 'folder', id: folder.id, name: folder.name })
  return (
    <article className={card['card']}>
      <AppLink href={`/library/playlists?folder=${folder.id}`} className={card['link']}>
        <span className={css['folder']} aria-hidden="true">
          <Icon of={Folder} size={56} />
        </span>
        <bdi className={card['title']}>{folder.name}</bdi>
        <span className={card['line']}>
          {folder.children.length === 0 ? 'Empty folder' : `Folder · ${counted(folder.children.length, 'item')}`}
        </span>
      </AppLink>
      <MenuButton className={css['menu']} label={`More actions for ${folder.name}`} icon={Ellipsis} items={items} />
      {dialog}
    </article>
  )
}

const PlaylistById = ({ id }: { id: EntryId }) => {
  const playlist = useReadable(useServices().playlists.playlist(id))
  if (playlist.kind === 'open') return <PlaylistCard playlist={playlist} />
  return (
    <div className={card['card']} aria-busy="true">
      <SkeletonBlock className={css['folder']} />
      <SkeletonBlock width="80%" height="14px" />
    </div>
  )
}

const PlaylistCard = ({ playlist }: { playlist: OpenPlaylist }) => {
  const { id, title, entries } = playlist
  const { isOn, toggle } = usePlayPlaylist(id, entries)
  const { items, dialog } = useItemMenu({ kind: 'playlist', id, name: title, playlist })
  return (
    <div className={card['box']}>
      <article className={card['card']}>
        <AppLink href={`/playlist/${id}`} className={card['link']}>
          <PlaylistCover className={card['art']} playlist={playlist} size="(width < 640px) 45vw, 220px" />
          <bdi className={card['title']}>{title}</bdi>
          <span className={card['line']}>{factsOfPlaylist(playlist)}</span>
        </AppLink>
        {entries.length === 0 ? undefined : (
          <button
            type="button"
            className={card['play']}
            data-on={isOn ? '' : undefined}
            aria-label={`${isOn ? 'Pause' : 'Play'} ${title}`}
            onClick={toggle}
          >
            <Icon of={isOn ? Pause : Play} />
          </button>
        )}
        <MenuButton className={css['menu']} label={`More actions for ${title}`} icon={Ellipsis} items={items} />
        {dialog}
      </article>
    </div>
  )
}
