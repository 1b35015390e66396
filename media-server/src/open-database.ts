import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabaseThread, type DatabaseThread } from './database-thread.client.ts'
import { holdsObjects } from './platform/files/holds-objects.ts'
import { installationMarks } from './platform/files/installation-marks.ts'
import { createSqliteCatalogCopies } from './platform/sqlite/sqlite-catalog-copies.ts'
import { checkCatalogFile } from './platform/sqlite/sqlite-file-check.ts'
import type { CatalogCopies } from './ports/catalog-copies.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'

/** The catalog's file. */
export const databaseFile = (dataFolder: string): string => join(dataFolder, 'catalog.sqlite')
/** The folder with the copies of the catalog. */
export const backupFolder = (dataFolder: string): string => join(dataFolder, 'backups')

export type DatabaseOptions = { readonly dataFolder: string; readonly secrets: InstanceSecrets; readonly at: number }

/**
 * Chooses the database with the catalog, sources, keys, accounts and plays. Today there is one: SQLite in a thread of its own.
 * Throws a StartRefusal for one that is damaged or does not belong to `secrets` and the objects.
 */
export const openDatabase = ({ dataFolder, secrets, at }: DatabaseOptions): Promise<DatabaseThread> => {
  const { instanceKey, idSecret } = secrets
  const marks = installationMarks(secrets)
  const path = databaseFile(dataFolder)
  checkCatalogFile({ path, instanceKey, marks, holdsObjects: holdsObjects(dataFolder) })
  return openDatabaseThread({ path, instanceKey, idSecret, marks, at })
}

/** Chooses where copies of the catalog are stored: files below the data folder. */
export const openCatalogCopies = (dataFolder: string): CatalogCopies =>
  createSqliteCatalogCopies({ path: databaseFile(dataFolder), folder: backupFolder(dataFolder) })

/** Whether the data folder already has a database. */
export const hasDatabase = (dataFolder: string): boolean => existsSync(databaseFile(dataFolder))
