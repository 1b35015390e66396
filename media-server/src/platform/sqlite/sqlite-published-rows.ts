import type { Publication, PublishedRecording, PublishedRelease } from '../../ports/catalog-store.ts'
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
): Omit<ReleaseRow, 'added_at' | 'track_count' | 'duration_ms' | 'album_lufs' | 'album_peak_dbtp'> => ({
  id: release.id,
  title: release.title,
  sort_key: nameSortKey(release.title),
  type: release.type,
  year: release.year ?? null,
  label: release.label ?? null,
  barcode: release.barcode ?? null,
  cover_id: release.cover?.id ?? null,
  cover_color: release.cover?.color ?? null,
  is_public: release.isPublic ? 1 : 0,
  musicbrainz_id: release.musicBrainzId ?? null,
})

/** The columns of a release that are sent with each of its tracks. */
export const shownWithTracks = ({
  title,
  year,
  cover_id,
  cover_color,
  is_public,
}: Pick<ReleaseRow, 'title' | 'year' | 'cover_id' | 'cover_color' | 'is_public'>) => ({
  title,
  year,
  cover_id,
  cover_color,
  is_public,
})

export const trackRow = ({ track, release, recording }: Publication): Omit<TrackRow, 'id' | 'added_at'> => ({
  release_id: release.id,
  recording_id: recording.id,
  title: track.title,
  sort_key: nameSortKey(track.title),
  disc: track.disc,
  position: track.position ?? null,
  musicbrainz_id: track.musicBrainzId ?? null,
  is_public: release.isPublic ? 1 : 0,
})

/** Whether writing `after` over `before` would change anything. */
export const rowDiffers = (before: object | undefined, after: object): boolean => {
  const known = new Map<string, unknown>(Object.entries(before ?? {}))
  return before === undefined || Object.entries(after).some(([column, value]) => !isSame(known.get(column), value))
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b
