import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RelayConfig } from './config.ts'
import { openLogThread } from './log-thread.client.ts'
import { relayRules } from './log/relay-rules.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { openRelayKey, type StoredRelayKey } from './platform/files/relay-key.ts'
import { openPostgresLogStore } from './platform/postgres/postgres-log-store.ts'
import type { LogStore } from './ports/log-store.ts'
import { StartRefusal } from './ports/start-refusal.ts'

const databaseFile = (dataFolder: string): string => join(dataFolder, 'logs.sqlite')

type OpenedStore = { readonly store: LogStore; readonly key: StoredRelayKey; readonly close: () => Promise<void> }

/** Chooses the store: SQLite in the data folder, or PostgreSQL. Throws a StartRefusal when it belongs to a relay with another key. */
export const openLogStore = async (
  config: Pick<RelayConfig, 'dataFolder' | 'databaseUrl'>,
  onFault: (fault: unknown) => void,
  onEnd: (reason: Error) => void,
): Promise<OpenedStore> => {
  const { dataFolder, databaseUrl } = config
  await mkdir(dataFolder, { recursive: true })
  // Processes that share a PostgreSQL may share the folder with the key too.
  const lock = databaseUrl === undefined ? lockDataFolder(dataFolder) : undefined
  try {
    const key = await openRelayKey(dataFolder, existsSync(databaseFile(dataFolder)))
    const store =
      databaseUrl === undefined
        ? await openLogThread(databaseFile(dataFolder), onEnd)
        : await openPostgres(databaseUrl, onFault)
    const close = async (): Promise<void> => {
      await store.close()
      lock?.release()
    }
    if (await store.belongsTo(key.publicKey.x)) return { store, key, close }
    await close()
    throw new StartRefusal(
      `These logs belong to a relay with another key than ${dataFolder} has. Put the right secrets folder there.`,
    )
  } catch (error) {
    lock?.release()
    throw error
  }
}

const openPostgres = async (url: string, onFault: (fault: unknown) => void): Promise<LogStore> => {
  try {
    return await openPostgresLogStore({ url, rules: relayRules, onFault })
  } catch (error) {
    throw new StartRefusal(
      `The database of --database-url cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
