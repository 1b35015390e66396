import { Pause, Play } from 'lucide-react'
import { parseReleaseId, type ReleaseId } from '@tonestead/crdt/ids'
import type { SearchHit } from '../../engine/search/search.ts'
import { useIsPlaying, usePlayArtist } from '../cards/use-play-artist.ts'
import { usePlayRelease } from '../cards/use-play-release.ts'
import { Artwork } from '../controls/artwork.tsx'
import { Credits } from '../controls/credits.tsx'
import { Icon } from '../controls/icon.tsx'
import { MarkedText } from '../controls/marked-text.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { SavedMark } from '../controls/saved-mark.tsx'
import { PlaylistCover } from '../playlists/playlist-cover.tsx'
import { usePlayPlaylist } from '../playlists/use-play-playlist.ts'
import { playlistLine, usePlaylistOfHit } from './playlist-hit-card.tsx'
import { useOwnHits } from './use-own-hits.ts'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { tryParse } from '../state/try-parse.ts'
import { kindNames } from './result-text.ts'
import { hitPath } from './hit-view.ts'
import { coverOf } from '../state/cover-of.ts'
import css from './top-result.module.css'

export type TopResultProps = { hit: SearchHit; onPlayTrack: (hit: SearchHit) => void; onUse: (hit: SearchHit) => void }

/** The large card of the top hit. */
export const TopResult = (props: TopResultProps) => (
  <article className={css['card']} data-line="row">
    {props.hit.kind === 'playlist' ? <TopPlaylist {...props} /> : <TopOfCatalog {...props} />}
  </article>
)

const TopPlaylist = ({ hit, onUse }: TopResultProps) => {
  const playlist = usePlaylistOfHit(hit)
  return (
    <>
      {playlist === undefined ? (
        <Artwork className={css['art']} cover={undefined} title={hit.title} size={112} isEager />
      ) : (
        <PlaylistCover className={css['art']} playlist={playlist} size={112} />
      )}
      <div className={css['words']}>
        <TopTitle hit={hit} onUse={onUse} />
        <p className={css['facts']}>{playlistLine(playlist)}</p>
      </div>
      {playlist === undefined || playlist.entries.length === 0 ? undefined : (
        <PlayTopPlaylist hit={hit} onUse={onUse} playlist={playlist} />
      )}
    </>
  )
}

const TopTitle = ({ hit, onUse }: PlayProps) => (
  <h3 className={css['title']}>
    <AppLink href={hitPath(hit)} className={css['link']} data-line-stop="" onClick={() => onUse(hit)}>
      <MarkedText text={hit.title} marks={hit.marks.title} />
    </AppLink>
  </h3>
)

const TopOfCatalog = ({ hit, onPlayTrack, onUse }: TopResultProps) => {
  const { isSaved, unavailable } = useOwnHits()(hit)
  return (
    <>
      <Artwork
        className={css['art']}
        cover={coverOf(hit.image)}
        title={hit.release?.title ?? hit.title}
        size={112}
        isRound={hit.kind === 'artist'}
        isEager
      />
      <div className={css['words']}>
        {unavailable === undefined ? (
          <TopTitle hit={hit} onUse={onUse} />
        ) : (
          <h3 className={css['title']}>
            <MarkedText text={hit.title} marks={hit.marks.title} />
          </h3>
        )}
        <p className={css['facts']}>
          {isSaved ? <SavedMark /> : undefined}
          {kindNames[hit.kind].one}
          {hit.credits.length === 0 ? undefined : (
            <>
              {' · '}
              <Credits credits={hit.credits} marks={hit.marks.credit} className={css['credits']} />
            </>
          )}
          {hit.year === undefined ? undefined : ` · ${hit.year}`}
          {unavailable === undefined ? undefined : ` · ${unavailable}`}
        </p>
      </div>
      {unavailable === undefined ? <PlayTop hit={hit} onPlayTrack={onPlayTrack} onUse={onUse} /> : undefined}
    </>
  )
}

const PlayTop = ({ hit, onPlayTrack, onUse }: TopResultProps) => {
  const isPlaying = useIsPlaying(hit.id)
  const releaseId = hit.kind === 'release' ? tryParse(parseReleaseId, hit.id) : undefined
  if (hit.kind === 'track') return <PlayButton hit={hit} isOn={isPlaying} onPress={() => onPlayTrack(hit)} />
  if (hit.kind === 'artist') return <PlayArtist hit={hit} onUse={onUse} />
  return releaseId === undefined ? undefined : <PlayRelease hit={hit} id={releaseId} onUse={onUse} />
}

type PlayProps = { hit: SearchHit; onUse: (hit: SearchHit) => void }

const PlayRelease = ({ hit, id, onUse }: PlayProps & { id: ReleaseId }) => {
  const { isOn, toggle } = usePlayRelease(id)
  const onPress = () => {
    onUse(hit)
    toggle()
  }
  return <PlayButton hit={hit} isOn={isOn} onPress={onPress} />
}

const PlayArtist = ({ hit, onUse }: PlayProps) => {
  const { isOn, toggle } = usePlayArtist(hit)
  const onPress = () => {
    onUse(hit)
    toggle()
  }
  return <PlayButton hit={hit} isOn={isOn} onPress={onPress} />
}

const PlayTopPlaylist = ({ hit, onUse, playlist }: PlayProps & { playlist: OpenPlaylist }) => {
  const { isOn, toggle } = usePlayPlaylist(playlist.id, playlist.entries)
  const onPress = () => {
    onUse(hit)
    toggle()
  }
  return <PlayButton hit={hit} isOn={isOn} onPress={onPress} />
}

/** Its label differs from that of the Play button in the row of the same track. */
const PlayButton = ({ hit, isOn, onPress }: { hit: SearchHit; isOn: boolean; onPress: () => void }) => (
  <button
    type="button"
    className={css['play']}
    data-line-stop=""
    aria-label={`${isOn ? 'Pause' : 'Play'} the top result, ${hit.title}`}
    onClick={onPress}
  >
    <Icon of={isOn ? Pause : Play} size={22} />
  </button>
)
