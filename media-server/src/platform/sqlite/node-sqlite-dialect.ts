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

// Kysely's SQLite dialect expects better-sqlite3 (`reader`, parameters as one list, plain BEGIN). This adapts node:sqlite to it.

const maxCachedStatements = 300

/** Opens a database file. With these settings a committed transaction survives a power failure. */
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

/** A transaction that starts with a read and then writes can fail with SQLITE_BUSY at any statement; BEGIN IMMEDIATE waits once, at the start. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

const createImmediateDriver = (database: DatabaseSync): SqliteDriver => {
  const driver = new ImmediateDriver({ database: asBetterSqlite(database) })
  const rollback = driver.rollbackTransaction.bind(driver)
  // When the disk is full, SQLite has rolled back already; a second rollback would fail and hide the first error.
  driver.rollbackTransaction = async (connection) => {
    if (database.isTransaction) await rollback(connection)
  }
  return driver
}

/** Prepared statements are cached: preparing one takes longer than most of our reads. */
const asBetterSqlite = (database: DatabaseSync): SqliteDatabase => {
  const cached = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const statement = cached.get(sql) ?? database.prepare(sql)
    cached.delete(sql)
    cached.set(sql, statement)
    const oldest = cached.keys().next()
    if (cached.size > maxCachedStatements && oldest.done === false) cached.delete(oldest.value)
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) =>
        withStorageFull(() => statement.all(...(parameters as readonly SQLInputValue[]))),
      run: (parameters: readonly unknown[]) =>
        withStorageFull(() => statement.run(...(parameters as readonly SQLInputValue[]))),
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

/** Turns SQLITE_FULL into the problem `storage-full`; the transaction is rolled back then. https://www.sqlite.org/rescode.html#full */
const withStorageFull = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === 13)
      throw new ProblemError('storage-full', 'The disk of the server is full; nothing was stored.', { cause: error })
    throw error
  }
}
