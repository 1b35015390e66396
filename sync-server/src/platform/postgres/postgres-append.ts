import type { Pool, PoolClient } from 'pg'
import type { SignedItem } from '../../ports/log-rules.ts'
import type { AppendResult, LogHead } from '../../ports/log-store.ts'
import { createOutcomes, groupByCollection, type CollectionGroup } from '../group-by-collection.ts'
import { judgeGroup, type GroupChange, type Placement } from '../judge-group.ts'
import { chainHashOf, kindNumbers, toStored } from '../stored-ids.ts'
import { inPostgresTransaction } from './postgres-transaction.ts'
import { readLogs, type LockedLog, type PostgresDeps } from './postgres-log-reads.ts'

type AppendDeps = PostgresDeps & {
  readonly pool: Pool
  /** Tells the other processes, inside the transaction: they hear of it when it is durable. */
  readonly notifyChanged: (client: PoolClient, heads: readonly LogHead[]) => Promise<void>
}

/** The locked row of a collection is its sequencer: whoever holds it appends, and everybody else waits. */
export const appendToPostgres = (deps: AppendDeps, items: readonly SignedItem[]): Promise<AppendResult> =>
  inPostgresTransaction(deps.pool, (client) => appendInTransaction(deps, client, items))

const appendInTransaction = async (
  deps: AppendDeps,
  client: PoolClient,
  items: readonly SignedItem[],
): Promise<AppendResult> => {
  const outcomes = createOutcomes()
  const heads: LogHead[] = []
  const groups = groupByCollection(items)
  const locked = await lockLogs(deps, client, groups)
  const logs = await readLogs(deps, client, locked)
  for (const [index, { log, group }] of locked.entries()) {
    const reads = logs[index]
    if (reads === undefined) throw new Error('a locked log was not read')
    const judged = judgeGroup(deps.rules, reads, group.items)
    outcomes.put(group, judged.outcomes)
    const { change } = judged
    if (change.placements.length === 0) {
      // A row that was made for items that were refused.
      if (log.length === 0) await client.query('DELETE FROM collections WHERE number = $1 AND length = 0', [log.number])
      continue
    }
    await writeChange(deps, client, { log, change })
    if (change.now !== undefined)
      heads.push({ collection: log.collection, length: change.length, chain: change.chain, state: change.now })
  }
  await deps.notifyChanged(client, heads)
  return { outcomes: outcomes.all(), heads }
}

/** Locks the rows in the order of their ids, which `groupByCollection` gives, so that two processes never wait for each other. */
const lockLogs = async (
  { rules }: PostgresDeps,
  client: PoolClient,
  groups: readonly CollectionGroup[],
): Promise<readonly { readonly log: LockedLog; readonly group: CollectionGroup }[]> => {
  const ids = groups.map(({ collection }) => Buffer.from(toStored(collection)))
  const chains = groups.map(({ collection }) => Buffer.from(toStored(rules.firstChain(collection))))
  const locked: { log: LockedLog; group: CollectionGroup }[] = []
  await client.query(
    'INSERT INTO collections (id, length, chain) SELECT id, 0, chain FROM unnest($1::bytea[], $2::bytea[]) AS n(id, chain) WHERE NOT EXISTS (SELECT 1 FROM collections c WHERE c.id = n.id) ON CONFLICT DO NOTHING',
    [ids, chains],
  )
  const { rows } = await client.query<{ number: string; id: Buffer; length: string; chain: Buffer }>(
    'SELECT number, id, length, chain FROM collections WHERE id = ANY($1) ORDER BY id FOR UPDATE',
    [ids],
  )
  const byId = new Map(rows.map((row) => [row.id.toString('hex'), row]))
  for (const [index, group] of groups.entries()) {
    const row = byId.get(ids[index]?.toString('hex') ?? '')
    // Another process made the row, refused its items and deleted it while this one waited for the lock.
    if (row === undefined) return lockLogs({ rules } as PostgresDeps, client, groups)
    const { collection } = group
    locked.push({
      log: { collection, number: Number(row.number), length: Number(row.length), chain: chainHashOf(row.chain) },
      group,
    })
  }
  return locked
}

const writeChange = async (
  deps: PostgresDeps,
  client: PoolClient,
  { log, change }: { readonly log: LockedLog; readonly change: GroupChange },
): Promise<void> => {
  if (change.keeps < log.length)
    for (const table of ['items', 'memberships', 'departures', 'parts'])
      await client.query(`DELETE FROM ${table} WHERE collection = $1 AND seq > $2`, [log.number, change.keeps])
  await insertRows(
    client,
    'items (collection, seq, id, chain, kind, device, feed, number, seen_seq, bytes, document)',
    [...change.placements.map((placement) => itemRow(log.number, placement))],
  )
  await insertRows(
    client,
    'memberships (collection, seq, id, state)',
    change.placements.flatMap(({ seq, item, state }) =>
      state === undefined ? [] : [[log.number, seq, Buffer.from(toStored(item.id)), deps.rules.writeState(state)]],
    ),
  )
  await insertRows(
    client,
    'departures (collection, device, seq)',
    change.placements.flatMap(({ seq, departed }) =>
      departed.map((device) => [log.number, Buffer.from(toStored(device)), seq]),
    ),
  )
  await insertRows(
    client,
    'parts (collection, hash, seq, size_bytes)',
    change.placements.flatMap(({ seq, item: { item: content } }) =>
      content.kind === 'snapshot' ? content.header.parts.map(({ hash, bytes }) => [log.number, hash, seq, bytes]) : [],
    ),
  )
  await client.query('UPDATE collections SET length = $1, chain = $2 WHERE number = $3', [
    change.length,
    Buffer.from(toStored(change.chain)),
    log.number,
  ])
}

const itemRow = (number: number, { seq, item, chain }: Placement): readonly unknown[] => {
  const envelope = item.item.kind === 'envelope' ? item.item.header : undefined
  const stored = (id: string | undefined): Buffer | undefined =>
    id === undefined ? undefined : Buffer.from(toStored(id))
  return [
    number,
    seq,
    stored(item.id),
    stored(chain),
    kindNumbers[item.item.kind],
    stored(envelope?.device),
    stored(envelope?.feed),
    envelope?.number,
    envelope?.seen.seq,
    Buffer.from(item.bytes.buffer, item.bytes.byteOffset, item.bytes.length),
    stored(envelope?.document),
  ]
}

/** PostgreSQL takes at most 65,535 values in one statement. */
const rowsPerStatement = 500

/** Values go apart from the statement, bytes in binary form. */
const insertRows = async (client: PoolClient, into: string, rows: readonly (readonly unknown[])[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const part = rows.slice(from, from + rowsPerStatement)
    let next = 0
    const places = part.map((row) => `(${row.map(() => `$${(next += 1)}`).join(', ')})`)
    await client.query(`INSERT INTO ${into} VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`, part.flat())
  }
}
