import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { ProblemError } from '@tonestead/protocol/problem'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
} from 'kysely'

// Kysely's own SQLite dialect expects better-sqlite3: `reader`, parameters as one list, plain BEGIN. This lends it node:sqlite.

const maxKeptStatements = 300

/** Opens a database file so that what was committed survives the loss of power. */
export const openSqlite = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true })
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456',
  )
  return database
}

export const createNodeSqliteDialect = (database: DatabaseSync): Dialect => ({
  createDriver: () => createImmediateDriver(database),
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})

/** A transaction that begins as a reader and then writes can fail with SQLITE_BUSY at any statement; one that begins IMMEDIATE waits its turn once. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

const createImmediateDriver = (database: DatabaseSync): SqliteDriver => {
  const driver = new ImmediateDriver({ database: asBetterSqlite(database) })
  const rollback = driver.rollbackTransaction.bind(driver)
  // On a full disk SQLite has rolled back by itself; a second rollback would hide the first fault.
  driver.rollbackTransaction = async (connection) => {
    if (database.isTransaction) await rollback(connection)
  }
  return driver
}

/** Prepared statements are kept: preparing costs more than most of our reads. */
const asBetterSqlite = (database: DatabaseSync): SqliteDatabase => {
  const kept = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const statement = kept.get(sql) ?? database.prepare(sql)
    kept.delete(sql)
    kept.set(sql, statement)
    const oldest = kept.keys().next()
    if (kept.size > maxKeptStatements && oldest.done === false) kept.delete(oldest.value)
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) =>
        tellingFull(() => statement.all(...(parameters as readonly SQLInputValue[]))),
      run: (parameters: readonly unknown[]) =>
        tellingFull(() => statement.run(...(parameters as readonly SQLInputValue[]))),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as readonly SQLInputValue[])),
    }
  }
  return {
    close: () => {
      database.close()
    },
    prepare: prepare,
  }
}

/** https://www.sqlite.org/rescode.html#full: nothing of the transaction is kept. */
const tellingFull = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === 13)
      throw new ProblemError('storage-full', 'The disk of the server is full; nothing was stored.', { cause: error })
    throw error
  }
}
