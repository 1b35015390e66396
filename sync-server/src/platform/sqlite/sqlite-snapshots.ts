import type { LogRules } from '../../ports/log-rules.ts'
import type { BodiesToDrop, StoredSnapshot } from '../../ports/log-store.ts'
import { itemIdOf, toStored } from '../stored-ids.ts'
import { blob, type Statements } from './sqlite-statements.ts'

type Deps = { readonly rules: LogRules; readonly sql: Statements }

/** Snapshots and confirmations of a collection, by its number. */
export const readSnapshots = ({ sql }: Deps, number: number): readonly StoredSnapshot[] =>
  sql
    .all(
      `SELECT seq, id, bytes, NOT EXISTS (SELECT 1 FROM parts WHERE parts.collection = items.collection AND parts.seq = items.seq AND parts.bytes IS NULL) AS complete
        FROM items WHERE collection = ? AND kind IN (3, 4) ORDER BY seq`,
      number,
    )
    .map((row) => ({
      seq: Number(row['seq']),
      id: itemIdOf(blob(row, 'id')),
      bytes: blob(row, 'bytes'),
      isComplete: row['complete'] === 1,
    }))

/** Envelopes that are read at once. */
const pageRows = 256

/** Runs in the transaction of the caller. Gives how many bodies it dropped. */
export const dropStoredBodies = (deps: Deps, number: number, { document, upTo, keeps }: BodiesToDrop): number => {
  const { sql, rules } = deps
  let [dropped, after] = [0, 0]
  for (;;) {
    const rows = sql.all(
      'SELECT seq, id, bytes FROM items WHERE collection = ? AND document = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
      number,
      toStored(document),
      after,
      upTo,
      pageRows,
    )
    for (const row of rows) {
      after = Number(row['seq'])
      if (keeps.has(itemIdOf(blob(row, 'id')))) continue
      const bytes = rules.withoutBody(blob(row, 'bytes'))
      sql.run('UPDATE items SET bytes = ?, document = NULL WHERE collection = ? AND seq = ?', bytes, number, after)
      dropped += 1
    }
    if (rows.length < pageRows) return dropped
  }
}
