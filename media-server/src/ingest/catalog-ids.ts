import { createHmac } from 'node:crypto'
import {
  parseArtistId,
  parseRecordingId,
  parseReleaseId,
  parseTrackId,
  type ArtistId,
  type RecordingId,
  type ReleaseId,
  type TrackId,
} from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import { nameKey } from './clean-text.ts'

type ReleaseKey = {
  readonly artist: string
  readonly title: string
  readonly musicBrainzId: string | undefined
  /** Distinguishes releases that name no artist or album. */ readonly folder: string | undefined
}
type TrackKey = {
  readonly releaseId: ReleaseId
  readonly disc: number
  readonly position: number | undefined
  readonly title: string
  /** Tells apart tracks that agree in all else and differ in length; 0 for the first. */
  readonly ordinal: number
}

/**
 * Derives ids from what an item is, so that a repeated job creates nothing twice, and from the instance's secret, so that nobody can guess
 * which recordings a server has. docs/formats.md, "Catalog ids".
 */
export type CatalogIds = {
  recording(sha256: string): RecordingId
  /** The id under which the master's own content key is stored. */
  master(sha256: string): RecordingId
  release(key: ReleaseKey): ReleaseId
  track(key: TrackKey): TrackId
  artist(name: string, musicBrainzId: string | undefined): ArtistId
}

export const createCatalogIds = (instanceSecret: Uint8Array): CatalogIds => {
  const idOf = (kind: string, ...parts: readonly string[]): string => {
    // The length before each part makes the joined text unambiguous.
    const joined = parts.map((part) => `${part.length}:${part}`).join('|')
    return toBase32(createHmac('sha256', instanceSecret).update(`${kind}|${joined}`).digest().subarray(0, 16))
  }
  return {
    recording: (sha256) => parseRecordingId(idOf('recording', sha256)),
    master: (sha256) => parseRecordingId(idOf('master', sha256)),
    release: (key) =>
      parseReleaseId(
        key.musicBrainzId === undefined
          ? idOf('release', nameKey(key.artist), nameKey(key.title), key.folder ?? '')
          : idOf('release-mbid', key.musicBrainzId),
      ),
    track: (key) =>
      parseTrackId(
        idOf(
          'track',
          key.releaseId,
          String(key.disc),
          String(key.position ?? ''),
          nameKey(key.title),
          String(key.ordinal),
        ),
      ),
    artist: (name, musicBrainzId) =>
      parseArtistId(musicBrainzId === undefined ? idOf('artist', nameKey(name)) : idOf('artist-mbid', musicBrainzId)),
  }
}
