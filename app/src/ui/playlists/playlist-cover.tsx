import { useEffect, useId, useMemo } from 'react'
import type { Cover } from '@tonestead/protocol/catalog'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { KnownTracks, OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Artwork } from '../controls/artwork.tsx'
import { classNames } from '../state/class-names.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import css from './playlist-cover.module.css'

type PlaylistCoverProps = {
  playlist: OpenPlaylist
  /** Width on the page in pixels, or a `sizes` value. */ size: number | string
  className?: string | undefined
}

/** Of so many first entries the releases are looked at for a mosaic. */
const mostLookedAt = 40
/** Some of them have no cover. */
const mostReleases = 8

/** The cover that was chosen, else a mosaic of four releases, else the cover of one, else the initials of the title. */
export const PlaylistCover = ({ playlist, size, className }: PlaylistCoverProps) => {
  const { playlists } = useServices()
  const known = useReadable(playlists.known)
  const name = useId()
  const references = useMemo(() => referencesOfCover(playlist), [playlist])
  useEffect(() => {
    playlists.want(name, references)
    return () => playlists.want(name, [])
  }, [playlists, name, references])
  const covers = coversOf(playlist, references, known)
  // One element from the beginning: when the covers arrive between press and release of a pointer, the press still is a click.
  return (
    <span
      className={classNames(css['cover'], covers.length >= 4 && css['mosaic'], className)}
      style={typeof size === 'number' ? { width: size } : undefined}
      aria-hidden="true"
    >
      {covers.length < 4 ? (
        <Artwork cover={covers[0]} title={playlist.title} size={size} isEager={typeof size === 'string'} />
      ) : (
        covers
          .slice(0, 4)
          .map((cover) => (
            <Artwork
              key={cover.id}
              cover={cover}
              title={playlist.title}
              size={typeof size === 'number' ? size / 2 : size}
            />
          ))
      )}
    </span>
  )
}

/** The tracks that the cover is made of: of each release the first, at most as many as are looked at. */
const referencesOfCover = ({ cover, entries }: OpenPlaylist): readonly TrackReference[] => {
  if (cover?.kind === 'picture') return []
  const chosen = cover?.kind === 'entry' ? entries.find((entry) => entry.id === cover.entry)?.item : undefined
  if (chosen !== undefined) return [chosen.track]
  return firstOfReleases(entries.slice(0, mostLookedAt)).slice(0, mostReleases)
}

const firstOfReleases = (entries: OpenPlaylist['entries']): readonly TrackReference[] => {
  const byRelease = new Map<string, TrackReference>()
  for (const { item } of entries) {
    if (item === undefined) continue
    const { id, title } = item.track.release
    if (!byRelease.has(id ?? title)) byRelease.set(id ?? title, item.track)
  }
  return [...byRelease.values()]
}

const coversOf = (
  { cover }: OpenPlaylist,
  references: readonly TrackReference[],
  known: KnownTracks,
): readonly Cover[] => {
  if (cover?.kind === 'picture') return [{ id: cover.coverId, color: 'var(--bg-active)' }]
  const covers = references.flatMap((reference) => known.trackOf(reference)?.release.cover ?? [])
  return [...new Map(covers.map((one) => [one.id, one])).values()]
}
