import type { Pool } from 'pg'

// Migrations are only appended: a released migration is never edited. Columns as in ../sqlite/sqlite-schema.ts.

export const schemaName = 'tonestead_relay'

const logs = `
CREATE TABLE collections (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id bytea NOT NULL UNIQUE, length bigint NOT NULL, chain bytea NOT NULL);
CREATE TABLE items (collection bigint NOT NULL REFERENCES collections, seq bigint NOT NULL, id bytea NOT NULL, chain bytea NOT NULL, kind smallint NOT NULL, device bytea, feed bytea,
  number bigint, seen_seq bigint, bytes bytea STORAGE EXTERNAL NOT NULL, PRIMARY KEY (collection, seq));
CREATE UNIQUE INDEX items_by_id ON items (collection, id);
CREATE INDEX items_by_device ON items (collection, device, seq) WHERE device IS NOT NULL;
CREATE TABLE memberships (collection bigint NOT NULL REFERENCES collections, seq bigint NOT NULL, id bytea NOT NULL, state text NOT NULL, PRIMARY KEY (collection, seq));
CREATE TABLE departures (collection bigint NOT NULL REFERENCES collections, device bytea NOT NULL, seq bigint NOT NULL, PRIMARY KEY (collection, device, seq));
CREATE TABLE parts (collection bigint NOT NULL REFERENCES collections, hash text NOT NULL, seq bigint NOT NULL, size_bytes bigint NOT NULL, bytes bytea STORAGE EXTERNAL, PRIMARY KEY (collection, hash));
CREATE TABLE relay (place integer PRIMARY KEY CHECK (place = 1), relay_key text NOT NULL);
CREATE TABLE admitted (account bytea PRIMARY KEY, admitted_at bigint NOT NULL);
`
const droppedBodies = `
ALTER TABLE items ADD COLUMN document bytea;
CREATE INDEX items_with_body ON items (collection, document, seq) WHERE document IS NOT NULL;
CREATE INDEX snapshots ON items (collection, seq) WHERE kind IN (3, 4);
CREATE INDEX parts_by_snapshot ON parts (collection, seq);
`
const migrations: readonly string[] = [logs, droppedBodies]
/** Any number: processes that start side by side migrate one after the other. */
const migrationLock = 7_460_112

/** Makes or migrates the tables. Throws for the data of a newer program. */
export const migratePostgres = async (pool: Pool): Promise<void> => {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`)
    await client.query('CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY)')
    const { rows } = await client.query<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM migrations',
    )
    const applied = Number(rows[0]?.version)
    if (applied > migrations.length)
      throw new Error(
        `This database was written by a newer relay (tables of version ${applied}, this program knows ${migrations.length}). Update the program.`,
      )
    for (const [index, sql] of migrations.entries())
      if (index >= applied) await client.query(`${sql} INSERT INTO migrations VALUES (${index + 1})`)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
