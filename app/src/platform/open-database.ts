import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { PlayRecord } from '../ports/play-store.ts'
import type { KeptChanges, KeptDocument } from '../ports/search-store.ts'

// One database for page and workers; each table has one owner in code, the adapter named after it.

type Tables = DBSchema & {
  plays: { key: string; value: PlayRecord; indexes: { byAge: number } }
  pins: { key: string; value: { playId: string; pins: Uint8Array } }
  contentKeys: { key: [string, number]; value: { recordingId: string; keyVersion: number; key: CryptoKey; expiresAt: number } }
  marks: { key: string; value: { name: string; value: number } }
  device: { key: string; value: { name: 'self'; identity: unknown } }
  values: { key: string; value: { name: string; value: unknown; writtenAt: number }; indexes: { byAge: number } }
  answers: { key: string; value: { name: string; value: unknown; writtenAt: number }; indexes: { byAge: number } }
  searchIndex: { key: string; value: { name: 'head' | 'snapshot'; value: unknown } }
  searchChanges: { key: number; value: KeptChanges }
  searchTouched: { key: [string, string]; value: KeptDocument & { serverId: string; key: string }; indexes: { byAge: [string, number] } }
}
export type Database = IDBPDatabase<Tables>
/** What survives the worker's death but perhaps not a power cut: a third of the time of a strict write. */
export const relaxed = { durability: 'relaxed' } as const

const databaseName = 'tonestead'

/** What each version added to the one before; a step that was released is never changed. */
const steps: readonly ((database: Database) => void)[] = [
  (database) => {
    database.createObjectStore('plays', { keyPath: 'playId' }).createIndex('byAge', 'createdAtMs')
    database.createObjectStore('pins', { keyPath: 'playId' })
    database.createObjectStore('contentKeys', { keyPath: ['recordingId', 'keyVersion'] })
    database.createObjectStore('marks', { keyPath: 'name' })
    database.createObjectStore('device', { keyPath: 'name' })
    database.createObjectStore('values', { keyPath: 'name' }).createIndex('byAge', 'writtenAt')
    database.createObjectStore('answers', { keyPath: 'name' }).createIndex('byAge', 'writtenAt')
  },
  (database) => {
    database.createObjectStore('searchIndex', { keyPath: 'name' })
    database.createObjectStore('searchChanges', { keyPath: 'version' })
    database.createObjectStore('searchTouched', { keyPath: ['serverId', 'key'] }).createIndex('byAge', ['serverId', 'touchedAtMs'])
  },
]

/** `version` is given by tests of the upgrade alone. */
export const openDatabase = (name = databaseName, version = steps.length): Promise<Database> =>
  openDB<Tables>(name, version, {
    upgrade: (database, before) => {
      for (const step of steps.slice(before, version)) step(database)
    },
    // A newer version of the app wants to upgrade: let it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
