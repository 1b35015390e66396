import type { Clock } from '../../ports/clock.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { relaxed, type Database } from './open-database.ts'

/** Values in IndexedDB. `values` are the person's own; `answers` can be requested again. */
export const createIdbValueStore = (database: Database, table: 'values' | 'answers', clock: Clock): ValueStore => {
  let last = 0
  return {
    get: async (name) => (await database.get(table, name))?.value,
    put: async (name, value) => {
      last = Math.max(last + 1, clock.now())
      const transaction = database.transaction(table, 'readwrite', relaxed)
      await Promise.all([transaction.store.put({ name, value, writtenAt: last }), transaction.done])
    },
    prune: async (limit) => {
      const transaction = database.transaction(table, 'readwrite', relaxed)
      const surplus = (await transaction.store.count()) - limit
      const oldest = surplus > 0 ? await transaction.store.index('byAge').getAllKeys(null, surplus) : []
      await Promise.all([...oldest.map((name) => transaction.store.delete(name)), transaction.done])
    },
  }
}
