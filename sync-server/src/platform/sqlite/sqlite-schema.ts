import { DatabaseSync } from 'node:sqlite'

// Migrations are only appended: a released migration is never edited.
// `items.device`, `feed`, `number` and `seen_seq` are set for envelopes only: the newest row of a device is the relay's record of it.

const logs = `
CREATE TABLE collections (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, length INTEGER NOT NULL, chain BLOB NOT NULL) STRICT;
CREATE TABLE items (collection INTEGER NOT NULL REFERENCES collections, seq INTEGER NOT NULL, id BLOB NOT NULL, chain BLOB NOT NULL, kind INTEGER NOT NULL, device BLOB, feed BLOB,
  number INTEGER, seen_seq INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (collection, seq)) STRICT;
CREATE UNIQUE INDEX items_by_id ON items (collection, id);
CREATE INDEX items_by_device ON items (collection, device, seq) WHERE device IS NOT NULL;
CREATE TABLE memberships (collection INTEGER NOT NULL REFERENCES collections, seq INTEGER NOT NULL, id BLOB NOT NULL, state TEXT NOT NULL, PRIMARY KEY (collection, seq)) STRICT;
CREATE TABLE departures (collection INTEGER NOT NULL REFERENCES collections, device BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (collection, device, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE parts (collection INTEGER NOT NULL REFERENCES collections, hash TEXT NOT NULL, seq INTEGER NOT NULL, size_bytes INTEGER NOT NULL, bytes BLOB, PRIMARY KEY (collection, hash)) STRICT;
CREATE TABLE relay (place INTEGER PRIMARY KEY CHECK (place = 1), relay_key TEXT NOT NULL) STRICT;
CREATE TABLE admitted (account BLOB PRIMARY KEY, admitted_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
// `document`: of envelopes whose body is stored.
const droppedBodies = `
ALTER TABLE items ADD COLUMN document BLOB;
CREATE INDEX items_with_body ON items (collection, document, seq) WHERE document IS NOT NULL;
CREATE INDEX snapshots ON items (collection, seq) WHERE kind IN (3, 4);
CREATE INDEX parts_by_snapshot ON parts (collection, seq);
`
const migrations: readonly string[] = [logs, droppedBodies]

/** Opens the database of a relay. With these settings a committed transaction survives a power failure. Throws for the data of a newer program. */
export const openRelayDatabase = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true })
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA mmap_size = 268435456',
  )
  migrate(database)
  return database
}

const migrate = (database: DatabaseSync): void => {
  const applied = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (applied > migrations.length)
    throw new Error(
      `This data folder was written by a newer relay (tables of version ${applied}, this program knows ${migrations.length}). Update the program.`,
    )
  for (const [index, sql] of migrations.entries())
    if (index >= applied) database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`)
}
