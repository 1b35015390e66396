import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { KeptChanges, KeptDocument } from '../../ports/search-store.ts'

// A database apart from open-database.ts: a new version of it closes no handle that playing needs, and keys and queue never share its fate.

type Tables = DBSchema & {
  index: { key: string; value: { name: 'head' | 'snapshot'; value: unknown } }
  changes: { key: number; value: KeptChanges }
  touched: {
    key: [string, string]
    value: KeptDocument & { serverId: string; key: string }
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
    // A newer version of the app wants to upgrade: let it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
