import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteThread, type SqliteThread } from './sqlite/sqlite-thread.client.ts'

const fileIn = (dataFolder: string): string => join(dataFolder, 'catalog.sqlite')

export type DatabaseOptions = { readonly dataFolder: string; readonly instanceKey: Uint8Array; readonly at: number }

/** Chooses the database with the catalog, sources, keys, accounts and plays. Today there is one: SQLite in a thread of its own. */
export const openDatabase = ({ dataFolder, instanceKey, at }: DatabaseOptions): Promise<SqliteThread> =>
  openSqliteThread({ path: fileIn(dataFolder), instanceKey, at })

/** Whether the data folder already has a database. */
export const hasDatabase = (dataFolder: string): boolean => existsSync(fileIn(dataFolder))
