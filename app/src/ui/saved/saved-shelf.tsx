import { Heart, HeartCrack, SearchX } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { LibrarySection } from '@tonestead/crdt/library/library-document'
import type { SavedView } from '../../engine/saved/saved-music.ts'
import { filterSaved, listSaved, type SavedItem, type SavedSort } from '../../engine/saved/saved-list.ts'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { CardSkeletons, RowSkeletons } from '../controls/skeleton.tsx'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { notSavedText } from '../tracks/not-saved-text.ts'
import { FilterField } from './filter-field.tsx'
import { SavedArtists, SavedReleases } from './saved-cards.tsx'
import { ReferenceTracks } from './reference-tracks.tsx'
import page from '../layout/page.module.css'
import css from './saved-shelf.module.css'

const units = { tracks: 'track', releases: 'release', artists: 'artist' } as const

/** What the person saved in one part of the library. It needs no network. */
export const SavedShelf = ({ section, sort }: { section: LibrarySection; sort: SavedSort }) => {
  const { saved } = useServices()
  const view = useReadable(saved.view)
  useEffect(() => saved.start(), [saved])
  if (view.kind === 'loading') return section === 'tracks' ? <RowSkeletons count={12} /> : <CardSkeletons count={18} />
  if (view.kind === 'unavailable')
    return (
      <EmptyState picture={<Icon of={HeartCrack} size={40} />} title="Saved music cannot be shown here">
        {notSavedText(view.reason)}
      </EmptyState>
    )
  return <OpenShelf view={view} section={section} sort={sort} />
}

type OpenShelfProps = { view: Extract<SavedView, { kind: 'open' }>; section: LibrarySection; sort: SavedSort }

const OpenShelf = ({ view: { shards, isComplete }, section, sort }: OpenShelfProps) => {
  const [filter, setFilter] = useState('')
  const all = useMemo(() => listSaved(shards, section, sort), [shards, section, sort])
  const shown = useMemo(() => filterSaved(all, filter), [all, filter])
  if (all.length === 0 && isComplete) return <NothingSaved section={section} />
  return (
    <>
      <div className={css['bar']}>
        <FilterField label="Filter saved music" value={filter} onChange={setFilter} />
        <p className={page['muted']} role="status">
          {countText({ shown: shown.length, all: all.length, unit: units[section] })}
          {isComplete ? '' : ', more is being read'}
        </p>
      </div>
      {shown.length === 0 && filter !== '' ? (
        <EmptyState picture={<Icon of={SearchX} size={40} />} title="Nothing saved has these words">
          The filter searches in titles, names and releases of what you saved.
        </EmptyState>
      ) : (
        <Items items={shown} section={section} />
      )}
    </>
  )
}

const countText = ({ shown, all, unit }: { shown: number; all: number; unit: string }): string =>
  shown === all ? counted(all, unit) : `${counted(shown, unit)} of ${all.toLocaleString('en')}`

const Items = ({ items, section }: { items: readonly SavedItem<LibrarySection>[]; section: LibrarySection }) => {
  if (section === 'tracks') return <SavedTracks items={items} />
  if (section === 'releases') return <SavedReleases items={items} />
  return <SavedArtists items={items} />
}

const SavedTracks = ({ items }: { items: readonly SavedItem<'tracks'>[] }) => {
  const references = useMemo(() => items.map(({ saved }) => saved.track), [items])
  return <ReferenceTracks label="Saved tracks" references={references} isByTrack />
}

const NothingSaved = ({ section }: { section: LibrarySection }) => (
  <EmptyState picture={<Icon of={Heart} size={40} />} title={`No saved ${section} yet`}>
    {section === 'tracks'
      ? 'Save a track in its menu, or press L while it plays.'
      : `The heart on the page of ${section === 'artists' ? 'an artist' : 'a release'} saves it.`}{' '}
    What you save is on all your devices, also without a network.
  </EmptyState>
)
