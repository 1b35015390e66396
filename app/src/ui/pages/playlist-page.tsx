import { Ellipsis, ListMusic, Pause, PencilLine, Play, Plus, Shuffle, Users } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { parseEntryId, type EntryId } from '@tonestead/crdt/ids'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { AppLink } from '../controls/app-link.tsx'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { MenuButton } from '../controls/menu.tsx'
import { HeroSkeleton, RowSkeletons } from '../controls/skeleton.tsx'
import { authorNames } from '../people/people-texts.ts'
import { SharedNotice } from '../people/shared-notice.tsx'
import { useSharedWith, type SharedWith } from '../people/use-people.ts'
import { counted } from '../state/format-time.ts'
import { AddSongs } from '../playlists/add-songs.tsx'
import { unavailableText } from '../playlists/change-text.ts'
import { entriesInOrder } from '../playlists/entry-rows.ts'
import { PlaylistCover } from '../playlists/playlist-cover.tsx'
import { factsOfPlaylist } from '../playlists/playlist-facts.ts'
import { PlaylistTracks, useSort } from '../playlists/playlist-tracks.tsx'
import { useItemMenu } from '../playlists/use-item-menu.tsx'
import { usePlayPlaylist } from '../playlists/use-play-playlist.ts'
import { usePlaylistEdits } from '../playlists/use-playlist-edits.ts'
import { useUndoKeys } from '../playlists/use-undo-keys.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { tryParse } from '../state/try-parse.ts'
import { usePageTitle } from '../state/use-document-title.ts'
import { EditableTitle } from './editable-title.tsx'
import { Hero } from './hero.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import page from '../layout/page.module.css'
import css from './playlist-page.module.css'

const ShareDialog = lazy(() =>
  import('../people/share-dialog.tsx').then(({ ShareDialog }) => ({ default: ShareDialog })),
)

export const PlaylistPage = ({ id }: { id: string }) => {
  const playlistId = tryParse(parseEntryId, id)
  return playlistId === undefined ? <NotFoundPage /> : <PlaylistById id={playlistId} />
}

const PlaylistById = ({ id }: { id: EntryId }) => {
  const playlist = useReadable(useServices().playlists.playlist(id))
  usePageTitle(playlist.kind === 'open' ? playlist.title : undefined)
  switch (playlist.kind) {
    case 'open':
      return <PlaylistContent playlist={playlist} />
    case 'loading':
      return (
        <div className={page['page']}>
          <HeroSkeleton />
          <RowSkeletons />
        </div>
      )
    case 'missing':
      return <MissingPlaylist />
    case 'unavailable':
      return (
        <EmptyState isPage picture={<Icon of={ListMusic} size={40} />} title="Playlists are not available">
          {unavailableText(playlist.reason)}
        </EmptyState>
      )
  }
}

const MissingPlaylist = () => {
  useUndoKeys('tree')
  return (
    <EmptyState
      isPage
      picture={<Icon of={ListMusic} size={40} />}
      title="There is no such playlist"
      actions={
        <AppLink className={page['all']} href="/library/playlists">
          Go to your playlists
        </AppLink>
      }
    >
      It was deleted, or it belongs to another account.
    </EmptyState>
  )
}

const PlaylistContent = ({ playlist }: { playlist: OpenPlaylist }) => {
  const { id, title, entries, isReadOnly } = playlist
  const [isAdding, setAdding] = useState(entries.length === 0)
  const [, navigate] = useLocation()
  const edits = usePlaylistEdits()
  const leave = () => navigate('/library/playlists')
  const { items, askDetails, dialog } = useItemMenu({ kind: 'playlist', id, name: title, playlist }, leave)
  const shared = useSharedWith(id)
  const [isSharing, setSharing] = useState(false)
  const nameOf = useMemo(() => authorNames(shared.membership), [shared.membership])
  useUndoKeys(id)
  return (
    <div className={page['page']}>
      <Hero
        art={<PlaylistCover className={css['art']} playlist={playlist} size="(width < 640px) 80vw, 232px" />}
        cover={undefined}
        title={title}
        heading={
          isReadOnly ? undefined : (
            <EditableTitle
              title={title}
              label="Title of the playlist"
              onChange={(next) => void edits.rename(id, next).catch(edits.failed)}
            />
          )
        }
        titleAction={
          isReadOnly ? undefined : <IconButton label="Edit details" icon={PencilLine} onClick={askDetails} />
        }
        kind="Playlist"
        facts={<PlaylistFacts playlist={playlist} shared={shared} />}
      >
        <PlayActions playlist={playlist} />
        {isReadOnly || isAdding ? undefined : (
          <Button icon={Plus} onClick={() => setAdding(true)}>
            Add songs
          </Button>
        )}
        <Button icon={Users} onClick={() => setSharing(true)}>
          {shared.collection === undefined ? 'Share' : 'People'}
        </Button>
        {isReadOnly ? undefined : (
          <MenuButton label={`More actions for ${title}`} icon={Ellipsis} look="plain" items={items} />
        )}
      </Hero>
      <SharedNotice membership={shared.membership} />
      {isAdding && !isReadOnly ? (
        <AddSongs playlist={playlist} onClose={entries.length === 0 ? undefined : () => setAdding(false)} />
      ) : undefined}
      {entries.length === 0 ? undefined : <PlaylistTracks playlist={playlist} nameOf={nameOf} />}
      {dialog}
      {isSharing ? (
        <Suspense>
          <ShareDialog playlist={playlist} onClose={() => setSharing(false)} onLeft={leave} />
        </Suspense>
      ) : undefined}
    </div>
  )
}

const PlaylistFacts = ({ playlist, shared }: { playlist: OpenPlaylist; shared: SharedWith }) => (
  <>
    {playlist.description === '' ? undefined : <bdi className={css['description']}>{playlist.description}</bdi>}
    {shared.collection === undefined ? 'By you' : sharedText(shared)} · {factsOfPlaylist(playlist)}
  </>
)

const sharedText = ({ membership }: SharedWith): string => {
  const count = membership?.members.length ?? 0
  return count > 1 ? `Shared by ${counted(count, 'person', 'people')}` : 'Shared'
}

/** Plays in the order that is shown. */
const PlayActions = ({ playlist: { id, entries } }: { playlist: OpenPlaylist }) => {
  const sort = useSort()
  const shown = useMemo(() => entriesInOrder(entries, sort), [entries, sort])
  const { isOn, toggle, shuffle } = usePlayPlaylist(id, shown)
  if (entries.length === 0) return undefined
  return (
    <>
      <Button look="primary" icon={isOn ? Pause : Play} onClick={toggle}>
        {isOn ? 'Pause' : 'Play'}
      </Button>
      <Button icon={Shuffle} onClick={shuffle}>
        Shuffle
      </Button>
    </>
  )
}
