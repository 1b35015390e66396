import type { RecordingId, ReleaseId } from '@tonestead/crdt/ids'
import type { PublishedRecording, PublishedRelease, PublishedTrack } from '../../ports/catalog-store.ts'
import { nameSortKey } from './name-sort-key.ts'
import type { RecordingRow, ReleaseRow, TrackRow } from './sqlite-schema.ts'

// Publications as rows, without timestamps and derived columns, so that rows can be compared.

export const recordingRow = (recording: PublishedRecording): Omit<RecordingRow, 'id'> => ({
  key_version: recording.keyVersion,
  duration_ms: recording.durationMs,
  head_aac: recording.heads.aac,
  head_flac: recording.heads.flac ?? null,
  waveform: recording.waveform ?? null,
  integrated_lufs: recording.loudness.integratedLufs,
  range_lu: recording.loudness.rangeLu,
  true_peak_dbtp: recording.loudness.truePeakDbtp,
  isrc: recording.isrc ?? null,
})

export const releaseRow = (
  release: PublishedRelease,
): Omit<ReleaseRow, 'is_public' | 'added_at' | DerivedReleaseColumn> => ({
  id: release.id,
  title: release.title,
  sort_key: nameSortKey(release.title),
  type: release.type,
  year: release.year ?? null,
  label: release.label ?? null,
  barcode: release.barcode ?? null,
  ...coverColumns(release.cover),
  musicbrainz_id: release.musicBrainzId ?? null,
  ...loudnessColumns(release.loudness),
})

const coverColumns = (cover: PublishedRelease['cover']) =>
  cover === undefined ? { cover_id: null, cover_color: null } : { cover_id: cover.id, cover_color: cover.color }

const loudnessColumns = (loudness: PublishedRelease['loudness']) =>
  loudness === undefined
    ? { album_lufs: null, album_peak_dbtp: null }
    : { album_lufs: loudness.integratedLufs, album_peak_dbtp: loudness.truePeakDbtp }

/** Counted from the rows of its tracks. */
type DerivedReleaseColumn = 'track_count' | 'duration_ms' | 'public_track_count' | 'public_duration_ms'

/** The columns of a release that are sent with each of its tracks. */
export const shownWithTracks = ({
  title,
  year,
  cover_id,
  cover_color,
}: Pick<ReleaseRow, 'title' | 'year' | 'cover_id' | 'cover_color'>) => ({ title, year, cover_id, cover_color })

/** A track of a release, with the id of its recording. */
export type ReleaseTrack = PublishedTrack & { readonly recordingId: RecordingId }

export const trackRow = (releaseId: ReleaseId, track: ReleaseTrack): Omit<TrackRow, 'id' | 'added_at'> => ({
  release_id: releaseId,
  recording_id: track.recordingId,
  title: track.title,
  sort_key: nameSortKey(track.title),
  disc: track.disc,
  position: track.position ?? null,
  musicbrainz_id: track.musicBrainzId ?? null,
  is_public: track.isPublic ? 1 : 0,
})

/** Whether writing `after` over `before` would change anything. */
export const rowDiffers = (before: object | undefined, after: object): boolean => {
  const known = new Map<string, unknown>(Object.entries(before ?? {}))
  return before === undefined || Object.entries(after).some(([column, value]) => !isSame(known.get(column), value))
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b
