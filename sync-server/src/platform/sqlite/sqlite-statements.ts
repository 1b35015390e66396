import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** Prepared statements by their text: preparing one takes longer than most of our reads. */
export type Statements = {
  get(sql: string, ...values: SQLInputValue[]): Row | undefined
  all(sql: string, ...values: SQLInputValue[]): readonly Row[]
  /** Returns the number of changed rows. */
  run(sql: string, ...values: SQLInputValue[]): number
}

export const createStatements = (database: DatabaseSync): Statements => {
  const prepared = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  return {
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
  }
}

/** Runs `work` in a transaction that starts with the write lock, so that it cannot fail in its middle because of another writer. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // When the disk is full, SQLite has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** The value of a column that the schema declares as BLOB NOT NULL. */
export const blob = (row: Row, column: string): Uint8Array<ArrayBuffer> => {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new TypeError(`${column} is no BLOB`)
  return new Uint8Array(value)
}
