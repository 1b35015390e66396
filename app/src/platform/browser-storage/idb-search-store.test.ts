import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { searchStoreContract } from '../../ports/search-store.contract.ts'
import { createIdbSearchStore } from './idb-search-store.ts'
import { createIdbValueStore } from './idb-value-store.ts'
import { createManualClock } from '../system/manual-clock.ts'
import { openDatabase } from './open-database.ts'
import { openSearchDatabase } from './open-search-database.ts'

let databases = 0

searchStoreContract(() => {
  const name = `search-store-${(databases += 1)}`
  return Promise.resolve({ reopen: async () => createIdbSearchStore(await openSearchDatabase(name)) })
})

test('opening it does not change or close the database that playback needs', async () => {
  const playing = await openDatabase()
  const values = createIdbValueStore(playing, 'values', createManualClock())
  await values.put('settings', { theme: 'dark' })
  await createIdbSearchStore(await openSearchDatabase()).replace({
    serverId: 's',
    audience: 'everyone',
    fetchedAtMs: 1,
    bytes: Uint8Array.of(1),
  })
  expect(await values.get('settings')).toEqual({ theme: 'dark' })
  expect(playing.version).toBe(1)
})
