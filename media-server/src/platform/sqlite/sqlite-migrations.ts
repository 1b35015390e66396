import type { DatabaseSync } from 'node:sqlite'

// Migrations are only appended: a released migration is never edited.

const catalog = `
CREATE TABLE recordings (id TEXT PRIMARY KEY, key_version INTEGER NOT NULL, duration_ms REAL NOT NULL, head_aac BLOB NOT NULL, head_flac BLOB, waveform TEXT,
  integrated_lufs REAL NOT NULL, range_lu REAL NOT NULL, true_peak_dbtp REAL NOT NULL, isrc TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE releases (id TEXT PRIMARY KEY, title TEXT NOT NULL, sort_key TEXT NOT NULL, type TEXT NOT NULL, year INTEGER, label TEXT, barcode TEXT, cover_id TEXT, cover_color TEXT,
  is_public INTEGER NOT NULL, musicbrainz_id TEXT, album_lufs REAL, album_peak_dbtp REAL, added_at INTEGER NOT NULL, track_count INTEGER NOT NULL, duration_ms REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX releases_by_name ON releases (sort_key, id);
CREATE INDEX releases_by_age ON releases (added_at DESC, id);
CREATE INDEX releases_public ON releases (sort_key, id) WHERE is_public = 1;
CREATE TABLE tracks (id TEXT PRIMARY KEY, release_id TEXT NOT NULL REFERENCES releases, recording_id TEXT NOT NULL REFERENCES recordings, title TEXT NOT NULL, sort_key TEXT NOT NULL,
  disc INTEGER NOT NULL, position INTEGER, musicbrainz_id TEXT, is_public INTEGER NOT NULL, added_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX tracks_by_name ON tracks (sort_key, id);
CREATE INDEX tracks_by_age ON tracks (added_at DESC, id);
CREATE INDEX tracks_public ON tracks (sort_key, id) WHERE is_public = 1;
CREATE INDEX tracks_by_release ON tracks (release_id, disc, position);
CREATE INDEX tracks_by_recording ON tracks (recording_id);
CREATE TABLE artists (id TEXT PRIMARY KEY, name TEXT NOT NULL, sort_key TEXT NOT NULL, added_at INTEGER NOT NULL, track_count INTEGER NOT NULL, release_count INTEGER NOT NULL,
  public_track_count INTEGER NOT NULL, public_release_count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX artists_by_name ON artists (sort_key, id);
CREATE INDEX artists_by_age ON artists (added_at DESC, id);
CREATE TABLE credits (owner TEXT NOT NULL, place INTEGER NOT NULL, artist_id TEXT NOT NULL, name TEXT NOT NULL, joined_by TEXT NOT NULL, PRIMARY KEY (owner, place)) STRICT, WITHOUT ROWID;
CREATE TABLE appearances (artist_id TEXT NOT NULL, track_id TEXT NOT NULL, release_id TEXT NOT NULL, is_public INTEGER NOT NULL, PRIMARY KEY (artist_id, track_id)) STRICT, WITHOUT ROWID;
CREATE INDEX appearances_by_track ON appearances (track_id);
CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, change TEXT NOT NULL, is_public INTEGER NOT NULL) STRICT;
CREATE TABLE named (rowid INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (kind, id)) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (artist, release, track, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3', detail = 'column');
`
const keysAndAccounts = `
CREATE TABLE content_keys (recording_id TEXT NOT NULL, version INTEGER NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (recording_id, version)) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (id TEXT PRIMARY KEY, first_seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE account_rights (account_id TEXT NOT NULL REFERENCES accounts, right TEXT NOT NULL, granted_at INTEGER NOT NULL, PRIMARY KEY (account_id, right)) STRICT, WITHOUT ROWID;
CREATE TABLE devices (id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, signing_key TEXT NOT NULL, agreement_key TEXT NOT NULL, name TEXT NOT NULL,
  registered_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_account ON devices (account_id);
CREATE TABLE claims (place INTEGER PRIMARY KEY CHECK (place = 1), account_id TEXT NOT NULL REFERENCES accounts, claimed_at INTEGER NOT NULL) STRICT;
`
const sources = `
CREATE TABLE sources (id TEXT PRIMARY KEY, folder TEXT NOT NULL, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size_bytes INTEGER NOT NULL, modified_ms REAL NOT NULL, is_public INTEGER NOT NULL,
  is_gone INTEGER NOT NULL DEFAULT 0, stage TEXT, attempt INTEGER NOT NULL DEFAULT 0, sha256 TEXT, recording_id TEXT, track_id TEXT, lease_owner TEXT, lease_until INTEGER NOT NULL DEFAULT 0,
  step TEXT NOT NULL DEFAULT 'waiting', refused_code TEXT, refused_detail TEXT, not_before INTEGER NOT NULL DEFAULT 0, preferred_at INTEGER NOT NULL DEFAULT 0, found_at INTEGER NOT NULL,
  rank INTEGER GENERATED ALWAYS AS (CASE WHEN refused_code IS NOT NULL THEN 0 WHEN lease_owner IS NOT NULL THEN 1 WHEN recording_id IS NULL OR stage = 'playable' THEN 2 ELSE 3 END) VIRTUAL) STRICT;
CREATE INDEX sources_by_folder ON sources (folder);
CREATE INDEX sources_by_rank ON sources (is_gone, rank, name, id);
CREATE INDEX sources_to_do ON sources (stage DESC, preferred_at DESC, name) WHERE stage IS NOT NULL AND is_gone = 0;
CREATE INDEX sources_by_hash ON sources (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX sources_by_recording ON sources (recording_id);
`
const playsAndIndex = `
DROP TABLE words;
DROP TABLE named;
CREATE TABLE plays (track_id TEXT NOT NULL, day INTEGER NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (track_id, day)) STRICT, WITHOUT ROWID;
CREATE INDEX plays_by_day ON plays (day);
`
/**
 * What was learned of a source file is kept with it, and the catalog is derived from that. Files that are in the catalog are queued again to learn it,
 * which encodes nothing; until then their tracks stay as they are. Releases with tracks whose file is gone are marked to be derived again. An upload is named by its id, so that the data folder can be moved.
 */
const sourceFacts = `
ALTER TABLE releases ADD COLUMN public_track_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN public_duration_ms REAL NOT NULL DEFAULT 0;
UPDATE releases SET public_track_count = track_count, public_duration_ms = duration_ms WHERE is_public = 1;
CREATE INDEX credits_by_artist ON credits (artist_id, name);
ALTER TABLE sources ADD COLUMN release_id TEXT;
ALTER TABLE sources ADD COLUMN description TEXT;
ALTER TABLE sources ADD COLUMN cover_id TEXT;
ALTER TABLE sources ADD COLUMN cover_color TEXT;
ALTER TABLE sources ADD COLUMN duration_ms REAL;
ALTER TABLE sources ADD COLUMN is_lossless INTEGER;
ALTER TABLE sources ADD COLUMN picture_stamp TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN device INTEGER;
ALTER TABLE sources ADD COLUMN absence TEXT;
CREATE INDEX sources_by_release ON sources (release_id) WHERE release_id IS NOT NULL;
CREATE INDEX sources_by_absence ON sources (absence) WHERE absence IS NOT NULL;
UPDATE sources SET release_id = (SELECT release_id FROM tracks WHERE tracks.id = sources.track_id);
CREATE TABLE stale_releases (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO stale_releases SELECT DISTINCT release_id FROM tracks
  WHERE EXISTS (SELECT 1 FROM sources) AND id NOT IN (SELECT track_id FROM sources WHERE is_gone = 0 AND track_id IS NOT NULL);
UPDATE sources SET stage = 'playable', attempt = 0, lease_owner = NULL, lease_until = 0, step = 'waiting', not_before = 0
  WHERE is_gone = 0 AND refused_code IS NULL AND track_id IS NOT NULL;
UPDATE sources SET path = 'upload:' || substr(path, -32) WHERE folder = '' AND length(path) > 46 AND substr(path, -46, 14) IN ('/uploads/done/', '\\uploads\\done\\');
`
const turns = `
CREATE TABLE source_turns (path TEXT PRIMARY KEY, uploader TEXT NOT NULL, decoded_ms REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE uploader_turns (uploader TEXT PRIMARY KEY, used_ms REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX sources_uploaded ON sources (stage) WHERE folder = '' AND stage IS NOT NULL AND is_gone = 0;
`
const installationAndRevocations = `
CREATE TABLE installation (name TEXT PRIMARY KEY, mark TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revoked_devices (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, revoked_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
/** Versions in between could leave tracks without a file behind, or public ones without a public file: their releases are derived again at the next start. */
const tracksWithoutFiles = `
INSERT OR IGNORE INTO stale_releases SELECT DISTINCT release_id FROM tracks WHERE EXISTS (SELECT 1 FROM sources)
  AND (id NOT IN (SELECT track_id FROM sources WHERE is_gone = 0 AND track_id IS NOT NULL)
    OR (is_public = 1 AND id NOT IN (SELECT track_id FROM sources WHERE is_gone = 0 AND is_public = 1 AND track_id IS NOT NULL)));
`
const deviceLogs = `
CREATE TABLE device_logs (account_id TEXT PRIMARY KEY, generation INTEGER NOT NULL, entries TEXT NOT NULL) STRICT, WITHOUT ROWID;
`
const migrations: readonly string[] = [
  catalog,
  keysAndAccounts,
  sources,
  playsAndIndex,
  sourceFacts,
  turns,
  installationAndRevocations,
  tracksWithoutFiles,
  deviceLogs,
]

/** Migrates the tables to the newest version, or to an older one for tests, each step in a transaction. Throws for the data of a newer program. */
export const migrateSqlite = (database: DatabaseSync, at: number, version = migrations.length): void => {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
  )
  const applied = Number(
    database.prepare('SELECT coalesce(max(version), 0) AS version FROM migrations').get()?.['version'],
  )
  if (applied > migrations.length)
    throw new Error(
      `This data folder was written by a newer Tonestead (tables of version ${applied}, this program knows ${migrations.length}). Update the program.`,
    )
  for (const [index, sql] of migrations.entries()) {
    if (index < applied || index >= version) continue
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(sql)
      database.prepare('INSERT INTO migrations (version, applied_at) VALUES (?, ?)').run(index + 1, at)
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
}
