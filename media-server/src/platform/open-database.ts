import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CatalogCopies } from '../ports/catalog-copies.ts'
import type { InstanceSecrets } from '../ports/instance-secrets.ts'
import { holdsObjects } from './files/holds-objects.ts'
import { installationMarks } from './files/installation-marks.ts'
import { createSqliteCatalogCopies } from './sqlite/sqlite-catalog-copies.ts'
import { checkCatalogFile } from './sqlite/sqlite-file-check.ts'
import { openSqliteThread, type SqliteThread } from './sqlite/sqlite-thread.client.ts'

/** The catalog's file. */
export const databaseFile = (dataFolder: string): string => join(dataFolder, 'catalog.sqlite')
/** Where copies of the catalog are kept. */
export const backupFolder = (dataFolder: string): string => join(dataFolder, 'backups')

export type DatabaseOptions = { readonly dataFolder: string; readonly secrets: InstanceSecrets; readonly at: number }

/**
 * Chooses the database with the catalog, sources, keys, accounts and plays. Today there is one: SQLite in a thread of its own.
 * Throws a StartRefusal for one that is damaged or does not belong to `secrets` and the objects.
 */
export const openDatabase = ({ dataFolder, secrets, at }: DatabaseOptions): Promise<SqliteThread> => {
  const { instanceKey } = secrets
  const marks = installationMarks(secrets)
  const path = databaseFile(dataFolder)
  checkCatalogFile({ path, instanceKey, marks, holdsObjects: holdsObjects(dataFolder) })
  return openSqliteThread({ path, instanceKey, marks, at })
}

/** Chooses where copies of the catalog are kept: files below the data folder. */
export const openCatalogCopies = (dataFolder: string): CatalogCopies =>
  createSqliteCatalogCopies({ path: databaseFile(dataFolder), folder: backupFolder(dataFolder) })

/** Whether the data folder already has a database. */
export const hasDatabase = (dataFolder: string): boolean => existsSync(databaseFile(dataFolder))
