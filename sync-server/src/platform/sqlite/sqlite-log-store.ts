import type { DatabaseSync } from 'node:sqlite'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogRules, SignedItem } from '../../ports/log-rules.ts'
import type { AppendResult, LogHead, LogStore } from '../../ports/log-store.ts'
import { countWithin } from '../count-within.ts'
import { createOutcomes, groupByCollection } from '../group-by-collection.ts'
import { judgeGroup } from '../judge-group.ts'
import { createStateCache, type StateCache } from '../state-cache.ts'
import { itemIdOf, toStored } from '../stored-ids.ts'
import { readLog } from './sqlite-log-reads.ts'
import { writeChange } from './sqlite-log-writes.ts'
import { dropStoredBodies, readSnapshots } from './sqlite-snapshots.ts'
import { openRelayDatabase } from './sqlite-schema.ts'
import { blob, createStatements, inTransaction, type Statements } from './sqlite-statements.ts'

/** The calls of a `LogStore` that the database thread answers. SQLite serves one process, so there is nobody to send messages to. */
export type LogTables = Omit<LogStore, 'publish' | 'listen'>

type Deps = {
  readonly rules: LogRules
  readonly database: DatabaseSync
  readonly sql: Statements
  readonly states: StateCache
}

/** Opens the logs in a file. All work is synchronous: run it in a thread of its own. */
export const openSqliteLogTables = (path: string, rules: LogRules): LogTables => {
  const database = openRelayDatabase(path)
  const deps = { rules, database, sql: createStatements(database), states: createStateCache(rules) }
  return {
    append: (items) => inPromise(() => inTransaction(database, () => append(deps, items))),
    head: (collection) => inPromise(() => headOf(deps, collection)),
    ...createReads(deps),
    ...createParts(deps),
    snapshots: (collection) => inPromise(() => readSnapshots(deps, numberOf(deps, collection))),
    dropBodies: (bodies) =>
      inPromise(() => inTransaction(database, () => dropStoredBodies(deps, numberOf(deps, bodies.collection), bodies))),
    close: () => inPromise(() => database.close()),
  }
}

const append = (deps: Deps, items: readonly SignedItem[]): AppendResult => {
  const outcomes = createOutcomes()
  const heads: LogHead[] = []
  for (const group of groupByCollection(items)) {
    const { collection } = group
    const log = readLog(deps, collection)
    const judged = judgeGroup(deps.rules, log, group.items)
    outcomes.put(group, judged.outcomes)
    const { change } = judged
    if (change.placements.length === 0) continue
    writeChange(deps, { collection, number: log.number, length: log.length }, change)
    if (change.now !== undefined)
      heads.push({ collection, length: change.length, chain: change.chain, state: change.now })
  }
  return { outcomes: outcomes.all(), heads }
}

const headOf = (deps: Deps, collection: CollectionId): LogHead | undefined => {
  const { length, chain, now } = readLog(deps, collection)
  return now === undefined ? undefined : { collection, length, chain, state: now }
}

const numberOf = ({ sql }: Deps, collection: CollectionId): number =>
  Number(sql.get('SELECT number FROM collections WHERE id = ?', toStored(collection))?.['number'] ?? -1)

const createReads = (deps: Deps): Pick<LogTables, 'read' | 'placeOf' | 'chainAt' | 'departureOf'> => ({
  read: ({ collection, after, most, mostBytes }) =>
    inPromise(() => {
      const number = numberOf(deps, collection)
      const sizes = deps.sql.all(
        'SELECT seq, length(bytes) AS size FROM items WHERE collection = ? AND seq > ? ORDER BY seq LIMIT ?',
        number,
        after,
        most,
      )
      const upTo =
        after +
        countWithin(
          sizes.map(({ size }) => Number(size)),
          mostBytes,
        )
      return deps.sql
        .all(
          'SELECT seq, id, bytes FROM items WHERE collection = ? AND seq > ? AND seq <= ? ORDER BY seq',
          number,
          after,
          upTo,
        )
        .map((row) => ({ seq: Number(row['seq']), id: itemIdOf(blob(row, 'id')), bytes: blob(row, 'bytes') }))
    }),
  placeOf: (collection, id) => inPromise(() => readLog(deps, collection).seqOf(id)),
  chainAt: (collection, seq) => inPromise(() => readLog(deps, collection).chainAt(seq)),
  departureOf: (collection, device) =>
    inPromise(() => {
      const row = deps.sql.get(
        'SELECT max(seq) AS seq FROM departures WHERE collection = ? AND device = ?',
        numberOf(deps, collection),
        toStored(device),
      )
      return typeof row?.['seq'] === 'number' ? row['seq'] : undefined
    }),
})

const createParts = (deps: Deps): Pick<LogTables, 'putPart' | 'getPart' | 'admit' | 'isAdmitted' | 'belongsTo'> => ({
  putPart: (collection, hash, bytes) =>
    inPromise(() => {
      const number = numberOf(deps, collection)
      const key = [number, hash, bytes.length] as const
      if (
        deps.sql.get('SELECT 1 FROM parts WHERE collection = ? AND hash = ? AND size_bytes = ?', ...key) === undefined
      )
        return 'unknown'
      deps.sql.run('UPDATE parts SET bytes = ? WHERE collection = ? AND hash = ? AND size_bytes = ?', bytes, ...key)
      return 'stored'
    }),
  getPart: (collection, hash) =>
    inPromise((): Bytes | undefined => {
      const row = deps.sql.get(
        'SELECT bytes FROM parts WHERE collection = ? AND hash = ? AND bytes IS NOT NULL',
        numberOf(deps, collection),
        hash,
      )
      return row === undefined ? undefined : blob(row, 'bytes')
    }),
  admit: (account, at) =>
    inPromise(() => {
      deps.sql.run(
        'INSERT INTO admitted (account, admitted_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
        toStored(account),
        at,
      )
    }),
  belongsTo: (relayKey) =>
    inPromise(() => {
      deps.sql.run('INSERT INTO relay (place, relay_key) VALUES (1, ?) ON CONFLICT DO NOTHING', relayKey)
      return deps.sql.get('SELECT relay_key FROM relay')?.['relay_key'] === relayKey
    }),
  isAdmitted: (account) =>
    inPromise(() => deps.sql.get('SELECT 1 FROM admitted WHERE account = ?', toStored(account)) !== undefined),
})

/** A fault becomes a rejection. */
const inPromise = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()))
