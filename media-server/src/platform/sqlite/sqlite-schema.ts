import type { Generated } from 'kysely'

// The rows in SQLite: flags are 0 or 1, times are milliseconds since 1970. docs/formats.md describes the tables.

export type RecordingRow = {
  id: string
  key_version: number
  duration_ms: number
  head_aac: Uint8Array
  head_flac: Uint8Array | null
  waveform: string | null
  integrated_lufs: number
  range_lu: number
  true_peak_dbtp: number
  isrc: string | null
}

export type ReleaseRow = {
  id: string
  title: string
  sort_key: string
  type: string
  year: number | null
  label: string | null
  barcode: string | null
  cover_id: string | null
  cover_color: string | null
  is_public: number
  musicbrainz_id: string | null
  album_lufs: number | null
  album_peak_dbtp: number | null
  added_at: number
  track_count: number
  duration_ms: number
  /** The same of public tracks only. */
  public_track_count: number
  public_duration_ms: number
}

export type TrackRow = {
  id: string
  release_id: string
  recording_id: string
  title: string
  sort_key: string
  disc: number
  position: number | null
  musicbrainz_id: string | null
  is_public: number
  added_at: number
}

export type ArtistRow = {
  id: string
  name: string
  sort_key: string
  added_at: number
  track_count: number
  release_count: number
  public_track_count: number
  public_release_count: number
}

export type CreditRow = { owner: string; place: number; artist_id: string; name: string; joined_by: string }

export type SourceRow = {
  id: string
  folder: string
  path: string
  name: string
  size_bytes: number
  modified_ms: number
  is_public: number
  is_gone: number
  /** The next stage to do; null when there is none. */
  stage: string | null
  attempt: number
  sha256: string | null
  recording_id: string | null
  track_id: string | null
  /** What was learned of the file (source-facts-row.ts); null when nothing was. */
  release_id: string | null
  description: string | null
  cover_id: string | null
  cover_color: string | null
  duration_ms: number | null
  is_lossless: number | null
  /** Changes with the cover in the folder of the file. */
  picture_stamp: string
  /** Number of the file system that the file was last seen on. */
  device: number | null
  /** Of a file that the last scan did not find and that is not gone: 'unreachable' or 'held'. */
  absence: string | null
  lease_owner: string | null
  lease_until: number
  step: string
  refused_code: string | null
  refused_detail: string | null
  not_before: number
  preferred_at: number
  found_at: number
  /** Generated: 0 refused, 1 running, 2 waiting, 3 published. */
  rank: Generated<number>
}

export type Database = {
  recordings: RecordingRow
  releases: ReleaseRow
  tracks: TrackRow
  artists: ArtistRow
  credits: CreditRow
  /** Which artist appears on which track, by the credits of the track or of its release. Derived. */
  appearances: { artist_id: string; track_id: string; release_id: string; is_public: number }
  changes: { seq: Generated<number>; at: number; kind: string; id: string; change: string; is_public: number }
  /** How often a track was listened to on a day (days since 1970, UTC). */
  plays: { track_id: string; day: number; times: number }
  content_keys: { recording_id: string; version: number; wrapped: Uint8Array }
  accounts: { id: string; first_seen_at: number }
  account_rights: { account_id: string; right: string; granted_at: number }
  devices: {
    id: string
    account_id: string
    signing_key: string
    agreement_key: string
    name: string
    registered_at: number
    seen_at: number
  }
  /** Devices that were removed from their account. They are never registered again. */
  revoked_devices: { id: string; account_id: string; revoked_at: number }
  /** The newest device log of each account that brought one of several entries; `entries`: JSON. */
  device_logs: { account_id: string; generation: number; entries: string }
  claims: { place: number; account_id: string; claimed_at: number }
  sources: SourceRow
  /** Releases whose sources have changed since they were derived. */
  stale_releases: { id: string }
  /** Who uploaded a source file ('': imported from a folder), and how much was decoded of it. */
  source_turns: { path: string; uploader: string; decoded_ms: number }
  /** How much was decoded for an uploader; '*': for the one whose turn it was last, when it began. */
  uploader_turns: { uploader: string; used_ms: number }
  migrations: { version: number; applied_at: number }
}
