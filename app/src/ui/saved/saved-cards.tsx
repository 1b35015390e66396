import { useCallback, type ReactNode } from 'react'
import { serverOfKey } from '../../engine/saved/saved-view.ts'
import type { SavedItem } from '../../engine/saved/saved-list.ts'
import { Heart } from 'lucide-react'
import { CardGrid } from '../cards/card-grid.tsx'
import { ReleaseCard } from '../cards/release-card.tsx'
import { Artwork } from '../controls/artwork.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { classNames } from '../state/class-names.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useSaving } from '../tracks/use-saving.ts'
import { AbsentCard } from './absent-card.tsx'
import card from '../cards/card.module.css'
import css from './saved-shelf.module.css'

export const SavedReleases = ({ items }: { items: readonly SavedItem<'releases'>[] }) => (
  <Cards label="Saved releases" items={items} draw={(item) => <ReleaseOfItem item={item} />} />
)

export const SavedArtists = ({ items }: { items: readonly SavedItem<'artists'>[] }) => (
  <Cards label="Saved artists" items={items} draw={(item) => <ArtistOfItem item={item} />} />
)

type CardsProps<T> = { label: string; items: readonly T[]; draw: (item: T) => ReactNode }

/** Width of a card, as `sizes`. */
const cardArt = '(width < 640px) 45vw, 220px'

const nothing = (): void => undefined

const Cards = <T extends { readonly key: string }>({ label, items, draw }: CardsProps<T>) => {
  const at = useCallback((index: number) => items[index], [items])
  const keyOf = useCallback((item: T) => item.key, [])
  return <CardGrid label={label} count={items.length} at={at} keyOf={keyOf} draw={draw} onShow={nothing} />
}

const ReleaseOfItem = ({ item: { key, saved } }: { item: SavedItem<'releases'> }) => {
  const isHere = useIsHere(key)
  const cover = saved.coverId === undefined ? undefined : { id: saved.coverId, color: 'transparent' }
  const credits = saved.credits.map((credit) => ({ id: '', ...credit }))
  return (
    <div className={css['box']}>
      {isHere ? (
        <ReleaseCard release={{ id: saved.releaseId, title: saved.title, credits, cover }} />
      ) : (
        <AbsentCard title={saved.title} />
      )}
      <RemoveButton section="releases" itemKey={key} name={saved.title} />
    </div>
  )
}

const ArtistOfItem = ({ item: { key, saved } }: { item: SavedItem<'artists'> }) => (
  <div className={css['box']}>
    {useIsHere(key) ? (
      <article className={classNames(card['card'], card['artist'])}>
        <AppLink href={`/artist/${saved.artistId}`} className={card['link']}>
          <Artwork className={card['art']} cover={undefined} title={saved.name} size={cardArt} isRound />
          <bdi className={card['title']}>{saved.name}</bdi>
        </AppLink>
      </article>
    ) : (
      <AbsentCard title={saved.name} isRound />
    )}
    <RemoveButton section="artists" itemKey={key} name={saved.name} />
  </div>
)

const useIsHere = (key: string): boolean => serverOfKey(key) === useReadable(useServices().saved.serverId)

/** A heart that is on: what it removes comes back by the undo of the message. */
const RemoveButton = ({
  section,
  itemKey,
  name,
}: {
  section: 'releases' | 'artists'
  itemKey: string
  name: string
}) => {
  const { remove } = useSaving()
  return (
    <IconButton
      label={`Save ${name}`}
      icon={Heart}
      aria-pressed
      look="small"
      className={css['remove']}
      onClick={() => remove(section, itemKey, name)}
    />
  )
}
