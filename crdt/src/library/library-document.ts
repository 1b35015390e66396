import { readMap, textAt, type TextMap } from '../documents/map-changes.ts'
import {
  packedArtist,
  packedRelease,
  packedTrack,
  type SavedArtist,
  type SavedRelease,
  type SavedTrack,
} from './packed-saved.ts'

/** The sections of a library. */
export const librarySections = ['tracks', 'releases', 'artists'] as const
/** One of `librarySections`. */
export type LibrarySection = (typeof librarySections)[number]

/** A shard of what a person saved: per section a map from `savedKey` to a packed `SavedTrack`, `SavedRelease` or `SavedArtist`. */
export type LibraryDocument = { v: number; tracks: TextMap; releases: TextMap; artists: TextMap }

/** What a person saved, by key. */
export type Saved = {
  readonly tracks: ReadonlyMap<string, SavedTrack>
  readonly releases: ReadonlyMap<string, SavedRelease>
  readonly artists: ReadonlyMap<string, SavedArtist>
}

/** [LB3] What all shards hold together. A thing in several shards was saved at the earliest of its instants. */
export const savedIn = (shards: readonly LibraryDocument[]): Saved => ({
  tracks: joined(shards.map(({ tracks }) => readMap(tracks, packedTrack.unpack))),
  releases: joined(shards.map(({ releases }) => readMap(releases, packedRelease.unpack))),
  artists: joined(shards.map(({ artists }) => readMap(artists, packedArtist.unpack))),
})

type SavedOf = { readonly tracks: SavedTrack; readonly releases: SavedRelease; readonly artists: SavedArtist }
const unpackers: { readonly [Section in LibrarySection]: (text: string) => SavedOf[Section] | undefined } = {
  tracks: packedTrack.unpack,
  releases: packedRelease.unpack,
  artists: packedArtist.unpack,
}

/**
 * The things of a section, read one by one as they are taken, so that a large library can be read in slices. [LB3] A thing in several shards comes once, as the
 * first of them has it.
 */
export const eachSaved = function* <Section extends LibrarySection>(
  shards: readonly LibraryDocument[],
  section: Section,
): Generator<readonly [string, SavedOf[Section]]> {
  const unpack = unpackers[section]
  const seen = new Set<string>()
  for (const { [section]: map } of shards)
    for (const key of Object.keys(map)) {
      const saved = seen.has(key) ? undefined : unpack(textAt(map, key) ?? '')
      if (saved === undefined) continue
      seen.add(key)
      yield [key, saved]
    }
}

const joined = <T extends { readonly savedAt: number }>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> => {
  const all = new Map<string, T>()
  for (const map of maps) {
    for (const [key, saved] of map) {
      const known = all.get(key)
      if (known === undefined || saved.savedAt < known.savedAt) all.set(key, saved)
    }
  }
  return all
}

/** Entries of a shard, of all sections. */
export const libraryEntries = (shard: LibraryDocument): number =>
  librarySections.reduce((count, section) => count + Object.keys(shard[section]).length, 0)
