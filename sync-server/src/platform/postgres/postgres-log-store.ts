import { Pool } from 'pg'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogRules } from '../../ports/log-rules.ts'
import type { LogHead, LogStore, StoredItem } from '../../ports/log-store.ts'
import { countWithin } from '../count-within.ts'
import { createStateCache } from '../state-cache.ts'
import { chainHashOf, itemIdOf, toStored } from '../stored-ids.ts'
import { appendToPostgres } from './postgres-append.ts'
import { readStates, type PostgresDeps } from './postgres-log-reads.ts'
import { createPostgresMessages } from './postgres-messages.ts'
import { migratePostgres, schemaName } from './postgres-schema.ts'
import { dropStoredBodies, readSnapshots } from './postgres-snapshots.ts'

const connections = 8

type Deps = PostgresDeps & { readonly pool: Pool }

/** Opens the logs in a PostgreSQL that several processes of a relay may share. `onFault`: connections that were lost; they are opened again. */
export const openPostgresLogStore = async (options: {
  readonly url: string
  readonly rules: LogRules
  readonly onFault: (fault: unknown) => void
}): Promise<LogStore> => {
  const { url, rules, onFault } = options
  const pool = new Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    // A committed transaction survives a power failure, whatever the server's default is.
    options: `-c search_path=${schemaName} -c synchronous_commit=on`,
  })
  pool.on('error', onFault)
  await migratePostgres(pool)
  const deps: Deps = { pool, rules, states: createStateCache(rules) }
  const messages = createPostgresMessages({ url, pool, onFault })
  return {
    append: (items) => appendToPostgres({ ...deps, notifyChanged: messages.notifyChanged }, items),
    ...createReads(deps),
    ...createParts(deps),
    snapshots: (collection) => readSnapshots(deps, collection),
    dropBodies: (bodies) => dropStoredBodies(deps, bodies),
    publish: messages.publish,
    listen: messages.listen,
    close: async () => {
      await messages.close()
      await pool.end()
    },
  }
}

const idOf = (collection: CollectionId): Buffer => Buffer.from(toStored(collection))

const createReads = (deps: Deps): Pick<LogStore, 'head' | 'read' | 'placeOf' | 'chainAt' | 'departureOf'> => ({
  head: (collection) => headOf(deps, collection),
  read: (range) => readItems(deps, range),
  placeOf: async (collection, id) => {
    const { rows } = await deps.pool.query<{ seq: string }>(
      'SELECT i.seq FROM items i JOIN collections c ON c.number = i.collection WHERE c.id = $1 AND i.id = $2',
      [idOf(collection), Buffer.from(toStored(id))],
    )
    return rows[0] === undefined ? undefined : Number(rows[0].seq)
  },
  chainAt: async (collection, seq) => {
    if (seq === 0) return deps.rules.firstChain(collection)
    const { rows } = await deps.pool.query<{ chain: Buffer }>(
      'SELECT i.chain FROM items i JOIN collections c ON c.number = i.collection WHERE c.id = $1 AND i.seq = $2',
      [idOf(collection), seq],
    )
    return rows[0] === undefined ? undefined : chainHashOf(rows[0].chain)
  },
  departureOf: async (collection, device) => {
    const { rows } = await deps.pool.query<{ seq: string | null }>(
      'SELECT max(d.seq) AS seq FROM departures d JOIN collections c ON c.number = d.collection WHERE c.id = $1 AND d.device = $2',
      [idOf(collection), Buffer.from(toStored(device))],
    )
    const seq = rows[0]?.seq
    return seq === null || seq === undefined ? undefined : Number(seq)
  },
})

/** One snapshot of the database for length and membership. */
const headOf = async (deps: Deps, collection: CollectionId): Promise<LogHead | undefined> => {
  const client = await deps.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ number: string; length: string; chain: Buffer }>(
      'SELECT number, length, chain FROM collections WHERE id = $1',
      [idOf(collection)],
    )
    const [row] = rows
    const place = { number: Number(row?.number ?? -1), seq: Number(row?.length ?? 0) }
    const [state] = (await readStates(deps, client, [place])).values()
    await client.query('COMMIT')
    return row === undefined || state === undefined
      ? undefined
      : { collection, length: place.seq, chain: chainHashOf(row.chain), state }
  } finally {
    client.release()
  }
}

const readItems = async ({ pool }: Deps, range: Parameters<LogStore['read']>[0]): Promise<readonly StoredItem[]> => {
  const { collection, after, most, mostBytes } = range
  const sizes = await pool.query<{ number: string; size: number }>(
    'SELECT i.collection AS number, octet_length(i.bytes) AS size FROM items i JOIN collections c ON c.number = i.collection WHERE c.id = $1 AND i.seq > $2 ORDER BY i.seq LIMIT $3',
    [idOf(collection), after, most],
  )
  const upTo =
    after +
    countWithin(
      sizes.rows.map(({ size }) => size),
      mostBytes,
    )
  const { rows } = await pool.query<{ seq: string; id: Buffer; bytes: Buffer }>(
    'SELECT seq, id, bytes FROM items WHERE collection = $1 AND seq > $2 AND seq <= $3 ORDER BY seq',
    [sizes.rows[0]?.number ?? -1, after, upTo],
  )
  return rows.map(({ seq, id, bytes }) => ({ seq: Number(seq), id: itemIdOf(id), bytes: new Uint8Array(bytes) }))
}

const createParts = ({ pool }: Deps): Pick<LogStore, 'putPart' | 'getPart' | 'admit' | 'isAdmitted' | 'belongsTo'> => ({
  putPart: async (collection, hash, bytes) => {
    const { rowCount } = await pool.query(
      'UPDATE parts SET bytes = $1 FROM collections c WHERE c.number = parts.collection AND c.id = $2 AND parts.hash = $3 AND parts.size_bytes = $4',
      [Buffer.from(bytes), idOf(collection), hash, bytes.length],
    )
    return rowCount === 0 ? 'unknown' : 'stored'
  },
  getPart: async (collection, hash): Promise<Bytes | undefined> => {
    const { rows } = await pool.query<{ bytes: Buffer | null }>(
      'SELECT p.bytes FROM parts p JOIN collections c ON c.number = p.collection WHERE c.id = $1 AND p.hash = $2',
      [idOf(collection), hash],
    )
    const bytes = rows[0]?.bytes
    return bytes === null || bytes === undefined ? undefined : new Uint8Array(bytes)
  },
  admit: async (account, at) => {
    await pool.query('INSERT INTO admitted VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      Buffer.from(toStored(account)),
      at,
    ])
  },
  isAdmitted: async (account) =>
    (await pool.query('SELECT 1 FROM admitted WHERE account = $1', [Buffer.from(toStored(account))])).rows.length > 0,
  belongsTo: async (relayKey) => {
    await pool.query('INSERT INTO relay VALUES (1, $1) ON CONFLICT DO NOTHING', [relayKey])
    const { rows } = await pool.query<{ relay_key: string }>('SELECT relay_key FROM relay')
    return rows[0]?.relay_key === relayKey
  },
})
