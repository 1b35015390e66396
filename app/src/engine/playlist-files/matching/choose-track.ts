import { folded, matchToleranceMs } from '@tonestead/crdt/tracks/match-track'
import { creditLine } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { EntryDescription } from './describe-entry.ts'

/** Why none of the tracks that were found is the one of an entry. `uncertain`: the title is the same, and nothing else is known. */
export type NotChosen = 'not-found' | 'other-length' | 'other-artist' | 'uncertain'
export type Choice =
  | { readonly kind: 'chosen'; readonly track: Track; readonly by: 'isrc' | 'description' }
  | { readonly kind: 'none'; readonly reason: NotChosen }

/**
 * [PF7] [PF8] The track that an entry means: the one with its ISRC, else one with its title and artist, whose length differs by at most 3 s where it is
 * known. Without an artist, title and length must fit. Among several: same release, nearest length, lowest id.
 */
export const chooseTrack = (
  wanted: EntryDescription & { readonly isrc?: string },
  candidates: readonly Track[],
): Choice => {
  const sorted = candidates.toSorted((a, b) => compare(wanted, a, b))
  const sameIsrc = sorted.find((track) => wanted.isrc !== undefined && track.isrc === wanted.isrc)
  if (sameIsrc !== undefined) return { kind: 'chosen', track: sameIsrc, by: 'isrc' }
  const title = folded(wanted.title)
  const titled = title === '' ? [] : sorted.filter((track) => folded(track.title) === title)
  if (titled.length === 0) return { kind: 'none', reason: 'not-found' }
  const ofArtist = titled.filter((track) => isByArtist(wanted, track))
  if (ofArtist.length === 0) return { kind: 'none', reason: 'other-artist' }
  const [track] = ofArtist.filter((each) => hasLength(wanted, each))
  if (track === undefined) return { kind: 'none', reason: 'other-length' }
  const isKnown = wanted.artist !== undefined || wanted.durationMs !== undefined
  return isKnown ? { kind: 'chosen', track, by: 'description' } : { kind: 'none', reason: 'uncertain' }
}

/** Files name all credited people in one line, or the first of them only. */
const isByArtist = ({ artist }: EntryDescription, { credits }: Track): boolean => {
  if (artist === undefined) return true
  const name = folded(artist)
  return name === folded(creditLine(credits)) || credits.some((credit) => folded(credit.name) === name)
}

const hasLength = (wanted: EntryDescription, track: Track): boolean => distanceMs(wanted, track) <= matchToleranceMs

const distanceMs = ({ durationMs }: EntryDescription, track: Track): number =>
  durationMs === undefined ? 0 : Math.abs(track.durationMs - durationMs)

const compare = (wanted: EntryDescription, a: Track, b: Track): number =>
  Number(isOtherRelease(wanted, a)) - Number(isOtherRelease(wanted, b)) ||
  distanceMs(wanted, a) - distanceMs(wanted, b) ||
  (a.id < b.id ? -1 : 1)

const isOtherRelease = ({ album }: EntryDescription, { release }: Track): boolean =>
  album !== undefined && folded(album) !== folded(release.title)
