import { Pause, Play } from 'lucide-react'
import { parseReleaseId, type ReleaseId } from '@tonestead/crdt/ids'
import type { SearchHit } from '../../engine/search/search.ts'
import { PlaylistHitCard } from './playlist-hit-card.tsx'
import { useOwnHits } from './use-own-hits.ts'
import { AbsentCard } from '../saved/absent-card.tsx'
import { SavedMark } from '../controls/saved-mark.tsx'
import { usePlayRelease } from '../cards/use-play-release.ts'
import card from '../cards/card.module.css'
import { Artwork } from '../controls/artwork.tsx'
import { creditText } from '../state/credit-text.ts'
import { Icon } from '../controls/icon.tsx'
import { MarkedText } from '../controls/marked-text.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { classNames } from '../state/class-names.ts'
import { tryParse } from '../state/try-parse.ts'
import { kindNames } from './result-text.ts'
import { hitPath } from './hit-view.ts'
import { coverOf } from '../state/cover-of.ts'

type HitCardProps = { hit: SearchHit; onUse: (hit: SearchHit) => void }

/** The card of an artist, release or playlist hit. What this server does not have says why. */
export const HitCard = (props: HitCardProps) => {
  const { hit } = props
  const own = useOwnHits()(hit)
  if (hit.kind === 'playlist') return <PlaylistHitCard {...props} />
  if (own.unavailable === undefined) return <CatalogCard {...props} isSaved={own.isSaved} />
  return (
    <AbsentCard title={hit.title} isRound={hit.kind === 'artist'}>
      <SavedMark />
    </AbsentCard>
  )
}

const CatalogCard = ({ hit, onUse, isSaved }: HitCardProps & { isSaved: boolean }) => {
  const releaseId = hit.kind === 'release' ? tryParse(parseReleaseId, hit.id) : undefined
  return (
    <div className={card['box']}>
      <article className={classNames(card['card'], hit.kind === 'artist' && card['artist'])}>
        <AppLink href={hitPath(hit)} className={card['link']} data-line-stop="" onClick={() => onUse(hit)}>
          <Artwork
            className={card['art']}
            cover={coverOf(hit.image)}
            title={hit.title}
            size="(width < 640px) 45vw, 220px"
            isRound={hit.kind === 'artist'}
          />
          <MarkedText className={card['title']} text={hit.title} marks={hit.marks.title} />
          <span className={card['line']}>
            {isSaved ? <SavedMark /> : undefined}
            {hit.credits.length === 0 ? (
              kindNames[hit.kind].one
            ) : (
              <>
                {hit.year === undefined ? undefined : `${hit.year} · `}
                <MarkedText text={creditText(hit.credits)} marks={hit.marks.credit} />
              </>
            )}
          </span>
        </AppLink>
        {releaseId === undefined ? undefined : <PlayCard hit={hit} id={releaseId} onUse={onUse} />}
      </article>
    </div>
  )
}

const PlayCard = ({ hit, id, onUse }: HitCardProps & { id: ReleaseId }) => {
  const { isOn, toggle } = usePlayRelease(id)
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
