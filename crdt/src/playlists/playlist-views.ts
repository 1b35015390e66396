import { creditLine } from '../tracks/track-reference.ts'
import type { PlaylistItem } from './packed-playlist.ts'
import type { PlaylistEntry } from './playlist-document.ts'

/** By what a view of a playlist is sorted. */
export type PlaylistSort = 'title' | 'artist' | 'addedAt' | 'duration'
/** A view of a playlist. `compareText`: an order of texts, as `Intl.Collator` gives it for the language of the page. */
export type PlaylistView = {
  readonly by: PlaylistSort
  readonly isDescending: boolean
  readonly compareText: (a: string, b: string) => number
}

/**
 * [PL4] The entries sorted for a view; the playlist keeps its order. Entries that are equal stay in the order of the playlist, also when descending; entries
 * that cannot be read come last.
 */
export const sortedEntries = (entries: readonly PlaylistEntry[], view: PlaylistView): PlaylistEntry[] => {
  const sign = view.isDescending ? -1 : 1
  return entries.toSorted(({ item: a }, { item: b }) =>
    a === undefined || b === undefined
      ? Number(a === undefined) - Number(b === undefined)
      : sign * comparisons[view.by](a, b, view.compareText),
  )
}

const comparisons: Readonly<
  Record<PlaylistSort, (a: PlaylistItem, b: PlaylistItem, compareText: PlaylistView['compareText']) => number>
> = {
  title: (a, b, compareText) => compareText(a.track.title, b.track.title),
  artist: (a, b, compareText) => compareText(creditLine(a.track.credits), creditLine(b.track.credits)),
  addedAt: (a, b) => a.addedAt - b.addedAt,
  duration: (a, b) => a.track.durationMs - b.track.durationMs,
}
