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

type ArtistRow = {
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

type SourceRow = {
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
  claims: { place: number; account_id: string; claimed_at: number }
  sources: SourceRow
  migrations: { version: number; applied_at: number }
}
