import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { SavableRelease } from './saved-music.ts'

const digits = 'abcdefghijklmnopqrstuvwxyz234567'
/** 26 characters of base32, different for different names. */
export const catalogIdOf = (name: string): string =>
  [...new TextEncoder().encode(name)]
    .map((byte) => digits.charAt(byte >> 5) + digits.charAt(byte & 31))
    .join('')
    .padEnd(26, 'a')
    .slice(0, 26)

/** A track of the catalog with this title, by Anna, on the release Winter. */
export const aTrack = (title: string, changes: Partial<Track> = {}): Track => ({
  id: parseTrackId(catalogIdOf(title)),
  recordingId: parseRecordingId(catalogIdOf(title)),
  title,
  credits: [{ id: parseArtistId(catalogIdOf('Anna')), name: 'Anna', join: '' }],
  release: { id: parseReleaseId(catalogIdOf('Winter')), title: 'Winter' },
  disc: 1,
  durationMs: 200_000,
  isrc: 'GBAYE0601498',
  heads: { aac: '' },
  ...changes,
})

export const aRelease = (title: string, { year, cover }: { year?: number; cover?: string } = {}): SavableRelease => ({
  id: parseReleaseId(catalogIdOf(title)),
  title,
  credits: [{ name: 'Anna', join: '' }],
  year,
  cover: cover === undefined ? undefined : { id: parseChunkId(cover) },
})
