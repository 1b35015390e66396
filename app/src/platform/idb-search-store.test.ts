import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { searchStoreContract } from '../ports/search-store.contract.ts'
import { createIdbSearchStore } from './idb-search-store.ts'
import { createIdbValueStore } from './idb-value-store.ts'
import { createManualClock } from './manual-clock.ts'
import { openDatabase } from './open-database.ts'

let databases = 0

searchStoreContract(() => {
  const name = `search-store-${(databases += 1)}`
  return Promise.resolve({ reopen: async () => createIdbSearchStore(await openDatabase(name)) })
})

test('a database of the version before is upgraded with everything in it', async () => {
  const before = await openDatabase('upgraded', 1)
  expect([...before.objectStoreNames]).not.toContain('searchIndex')
  await createIdbValueStore(before, 'values', createManualClock()).put('settings', { theme: 'dark' })
  await createIdbValueStore(before, 'answers', createManualClock()).put('answer', 1)
  // The open handle of the old version gives way by itself.
  const after = await openDatabase('upgraded')
  expect(await createIdbValueStore(after, 'values', createManualClock()).get('settings')).toEqual({ theme: 'dark' })
  expect(await createIdbValueStore(after, 'answers', createManualClock()).get('answer')).toBe(1)
  expect(await createIdbSearchStore(after).read()).toBeUndefined()
})
