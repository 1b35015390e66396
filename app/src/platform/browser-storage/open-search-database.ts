import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { StoredChanges, StoredDocument } from '../../ports/search-store.ts'

// A database of its own beside open-database.ts: an upgrade of it closes no connection that playback needs, and its loss does not touch keys and queue.

type Tables = DBSchema & {
  index: { key: string; value: { name: 'head' | 'snapshot'; value: unknown } }
  changes: { key: number; value: StoredChanges }
  touched: {
    key: [string, string]
    value: StoredDocument & { serverId: string; key: string }
    indexes: { byAge: [string, number] }
  }
}
export type SearchDatabase = IDBPDatabase<Tables>

export const openSearchDatabase = (name = 'tonestead-search'): Promise<SearchDatabase> =>
  openDB<Tables>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore('index', { keyPath: 'name' })
      database.createObjectStore('changes', { keyPath: 'version' })
      database
        .createObjectStore('touched', { keyPath: ['serverId', 'key'] })
        .createIndex('byAge', ['serverId', 'touchedAtMs'])
    },
    // A newer version of the app waits to upgrade the database.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
