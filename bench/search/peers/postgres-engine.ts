import pg from 'pg'
import type { PeerTrack } from '../catalog-files.ts'
import type { PeerContext, PeerEngine } from './peer-engine.ts'

const insertAll = async (client: pg.Client, tracks: Iterable<PeerTrack>): Promise<void> => {
  let batch: PeerTrack[] = []
  const flush = async (): Promise<void> => {
    const columns = [
      batch.map(({ id }) => id),
      batch.map(({ title, artist }) => `${title} ${artist}`),
      batch.map(({ boost }) => (boost - 1) * 0.6),
    ]
    await client.query('INSERT INTO found SELECT * FROM unnest($1::int[], $2::text[], $3::real[])', columns)
    batch = []
  }
  for (const track of tracks) {
    batch.push(track)
    if (batch.length === 10_000) await flush()
  }
  await flush()
}

export const createPgTrgm = async ({ tracks, socket }: PeerContext): Promise<PeerEngine> => {
  if (socket === undefined) throw new Error('pg_trgm needs the socket of a PostgreSQL cluster')
  const client = new pg.Client({ host: socket, user: 'bench', database: 'postgres' })
  await client.connect()
  await client.query(
    'CREATE EXTENSION IF NOT EXISTS pg_trgm; DROP TABLE IF EXISTS found; CREATE TABLE found (id int PRIMARY KEY, n text NOT NULL, popularity real NOT NULL)',
  )
  await insertAll(client, tracks)
  await client.query(
    'CREATE INDEX found_n ON found USING gin (n gin_trgm_ops); ANALYZE found; SET pg_trgm.word_similarity_threshold = 0.5',
  )
  const text =
    'SELECT id FROM found WHERE $1 <% n ORDER BY word_similarity($1, n) + 0.3 * similarity($1, n) + 0.1 * popularity DESC LIMIT 10'
  return {
    search: async (query) =>
      (await client.query<{ id: number }>({ name: 'search', text, values: [query] })).rows.map(({ id }) => id),
    indexBytes: async () =>
      Number((await client.query<{ size: string }>("SELECT pg_total_relation_size('found') AS size")).rows[0]?.size),
    close: () => client.end(),
  }
}
