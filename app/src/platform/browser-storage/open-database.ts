import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { PlayRecord } from '../../ports/play-store.ts'

// One database for page and worker; each table has one owner in code, the adapter named after it.

type Tables = DBSchema & {
  plays: { key: string; value: PlayRecord; indexes: { byAge: number } }
  pins: { key: string; value: { playId: string; pins: Uint8Array } }
  contentKeys: {
    key: [string, number]
    value: { recordingId: string; keyVersion: number; key: CryptoKey; expiresAt: number }
  }
  marks: { key: string; value: { name: string; value: number } }
  device: { key: string; value: { name: string; identity: unknown } }
  values: { key: string; value: { name: string; value: unknown; writtenAt: number }; indexes: { byAge: number } }
  answers: { key: string; value: { name: string; value: unknown; writtenAt: number }; indexes: { byAge: number } }
}
export type Database = IDBPDatabase<Tables>
/** A write that survives a crash of the worker, but perhaps not a power cut. It takes a third of the time of a strict one. */
export const relaxed = { durability: 'relaxed' } as const

const databaseName = 'tonestead'

export const openDatabase = (name = databaseName): Promise<Database> =>
  openDB<Tables>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore('plays', { keyPath: 'playId' }).createIndex('byAge', 'createdAtMs')
      database.createObjectStore('pins', { keyPath: 'playId' })
      database.createObjectStore('contentKeys', { keyPath: ['recordingId', 'keyVersion'] })
      database.createObjectStore('marks', { keyPath: 'name' })
      database.createObjectStore('device', { keyPath: 'name' })
      database.createObjectStore('values', { keyPath: 'name' }).createIndex('byAge', 'writtenAt')
      database.createObjectStore('answers', { keyPath: 'name' }).createIndex('byAge', 'writtenAt')
    },
    // A newer version of the app waits to upgrade the database.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
