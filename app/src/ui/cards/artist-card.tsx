import type { ArtistSummary } from '@tonestead/protocol/catalog'
import { Artwork } from '../controls/artwork.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { counted } from '../state/format-time.ts'
import { classNames } from '../state/class-names.ts'
import css from './card.module.css'

export const ArtistCard = ({ artist }: { artist: ArtistSummary }) => (
  <article className={classNames(css['card'], css['artist'])}>
    <AppLink href={`/artist/${artist.id}`} className={css['link']}>
      <Artwork
        className={css['art']}
        cover={artist.cover}
        title={artist.name}
        size="(width < 640px) 45vw, 220px"
        isRound
      />
      <bdi className={css['title']}>{artist.name}</bdi>
      <span className={css['line']}>{counted(artist.releaseCount, 'release')}</span>
    </AppLink>
  </article>
)
