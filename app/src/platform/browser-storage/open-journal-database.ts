import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

// A database of its own: the service worker shares `tonestead`, and long reads there would delay strict commits here.

type Tables = DBSchema & {
  rows: { key: [string, string, string]; value: { bytes: Uint8Array; sum: number } }
  fence: { key: 'fence'; value: number }
}
export type JournalDatabase = IDBPDatabase<Tables>

export const openJournalDatabase = (name = 'tonestead-journal'): Promise<JournalDatabase> =>
  openDB<Tables>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore('rows')
      database.createObjectStore('fence')
    },
    // A newer version of the app waits to upgrade the database.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
