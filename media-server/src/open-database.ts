import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabaseThread, type DatabaseThread } from './database-thread.client.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'

const fileIn = (dataFolder: string): string => join(dataFolder, 'catalog.sqlite')

export type DatabaseOptions = {
  readonly dataFolder: string
  readonly secrets: Pick<InstanceSecrets, 'instanceKey' | 'idSecret'>
  readonly at: number
}

/** Chooses the database with the catalog, sources, keys, accounts and plays. Today there is one: SQLite in a thread of its own. */
export const openDatabase = ({ dataFolder, secrets, at }: DatabaseOptions): Promise<DatabaseThread> =>
  openDatabaseThread({ path: fileIn(dataFolder), instanceKey: secrets.instanceKey, idSecret: secrets.idSecret, at })

/** Whether the data folder already has a database. */
export const hasDatabase = (dataFolder: string): boolean => existsSync(fileIn(dataFolder))
