import { Pause, Play } from 'lucide-react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import type { SearchHit } from '../../engine/search/search.ts'
import card from '../cards/card.module.css'
import { AppLink } from '../controls/app-link.tsx'
import { Artwork } from '../controls/artwork.tsx'
import { Icon } from '../controls/icon.tsx'
import { MarkedText } from '../controls/marked-text.tsx'
import { PlaylistCover } from '../playlists/playlist-cover.tsx'
import { usePlayPlaylist } from '../playlists/use-play-playlist.ts'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { hitPath } from './hit-view.ts'

type PlaylistHitCardProps = { hit: SearchHit; onUse: (hit: SearchHit) => void }

const size = '(width < 640px) 45vw, 220px'

/** `Playlist · 12 songs`. */
export const playlistLine = (playlist: OpenPlaylist | undefined): string =>
  playlist === undefined ? 'Playlist' : `Playlist · ${counted(playlist.entries.length, 'song')}`

/** The playlist of a hit, as soon as it is read. */
export const usePlaylistOfHit = ({ id }: SearchHit): OpenPlaylist | undefined => {
  const state = useReadable(useServices().playlists.playlist(id as EntryId))
  return state.kind === 'open' ? state : undefined
}

export const PlaylistHitCard = ({ hit, onUse }: PlaylistHitCardProps) => {
  const playlist = usePlaylistOfHit(hit)
  return (
    <div className={card['box']}>
      <article className={card['card']}>
        <AppLink href={hitPath(hit)} className={card['link']} data-line-stop="" onClick={() => onUse(hit)}>
          {playlist === undefined ? (
            <Artwork className={card['art']} cover={undefined} title={hit.title} size={size} />
          ) : (
            <PlaylistCover className={card['art']} playlist={playlist} size={size} />
          )}
          <MarkedText className={card['title']} text={hit.title} marks={hit.marks.title} />
          <span className={card['line']}>{playlistLine(playlist)}</span>
        </AppLink>
        {playlist === undefined || playlist.entries.length === 0 ? undefined : (
          <PlayPlaylist hit={hit} onUse={onUse} playlist={playlist} />
        )}
      </article>
    </div>
  )
}

const PlayPlaylist = ({ hit, onUse, playlist }: PlaylistHitCardProps & { playlist: OpenPlaylist }) => {
  const { isOn, toggle } = usePlayPlaylist(playlist.id, playlist.entries)
  const onClick = () => {
    onUse(hit)
    toggle()
  }
  return (
    <button
      type="button"
      className={card['play']}
      data-on={isOn ? '' : undefined}
      aria-label={`${isOn ? 'Pause' : 'Play'} ${hit.title}`}
      onClick={onClick}
    >
      <Icon of={isOn ? Pause : Play} />
    </button>
  )
}
