import type { Pool, PoolClient } from 'pg'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogRules } from '../../ports/log-rules.ts'
import type { BodiesToDrop, StoredSnapshot } from '../../ports/log-store.ts'
import { itemIdOf, toStored } from '../stored-ids.ts'
import { inPostgresTransaction } from './postgres-transaction.ts'

type Deps = { readonly pool: Pool; readonly rules: LogRules }

/** Snapshots and confirmations of a collection. */
export const readSnapshots = async ({ pool }: Deps, collection: CollectionId): Promise<readonly StoredSnapshot[]> => {
  const { rows } = await pool.query<{ seq: string; id: Buffer; bytes: Buffer; complete: boolean }>(
    `SELECT i.seq, i.id, i.bytes, NOT EXISTS (SELECT 1 FROM parts p WHERE p.collection = i.collection AND p.seq = i.seq AND p.bytes IS NULL) AS complete
      FROM items i JOIN collections c ON c.number = i.collection WHERE c.id = $1 AND i.kind IN (3, 4) ORDER BY i.seq`,
    [Buffer.from(toStored(collection))],
  )
  return rows.map(({ seq, id, bytes, complete }) => ({
    seq: Number(seq),
    id: itemIdOf(id),
    bytes: new Uint8Array(bytes),
    isComplete: complete,
  }))
}

/** Envelopes that are read at once. */
const pageRows = 256

/** The row of the collection is locked, so that no re-homing cuts the log meanwhile. Gives how many bodies it dropped. */
export const dropStoredBodies = (deps: Deps, bodies: BodiesToDrop): Promise<number> =>
  inPostgresTransaction(deps.pool, async (client) => {
    const { rows } = await client.query<{ number: string }>('SELECT number FROM collections WHERE id = $1 FOR UPDATE', [
      Buffer.from(toStored(bodies.collection)),
    ])
    const number = rows[0]?.number
    return number === undefined ? 0 : dropInPages(deps, client, { ...bodies, number: Number(number) })
  })

const dropInPages = async (
  { rules }: Deps,
  client: PoolClient,
  { number, document, upTo, keeps }: BodiesToDrop & { readonly number: number },
): Promise<number> => {
  let [dropped, after] = [0, 0]
  for (;;) {
    const { rows } = await client.query<{ seq: string; id: Buffer; bytes: Buffer }>(
      'SELECT seq, id, bytes FROM items WHERE collection = $1 AND document = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5',
      [number, Buffer.from(toStored(document)), after, upTo, pageRows],
    )
    const old = rows.filter(({ id }) => !keeps.has(itemIdOf(id)))
    await client.query(
      'UPDATE items SET bytes = n.bytes, document = NULL FROM unnest($2::bigint[], $3::bytea[]) AS n(seq, bytes) WHERE items.collection = $1 AND items.seq = n.seq',
      [
        number,
        old.map(({ seq }) => seq),
        old.map(({ bytes }) => Buffer.from(rules.withoutBody(new Uint8Array(bytes)))),
      ],
    )
    dropped += old.length
    after = Number(rows.at(-1)?.seq ?? after)
    if (rows.length < pageRows) return dropped
  }
}
