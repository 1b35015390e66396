import 'fake-indexeddb/auto'
import { describe } from 'vitest'
import { chunkStoreContract } from '../../ports/chunk-store.contract.ts'
import { contentKeyStoreContract } from '../../ports/content-key-store.contract.ts'
import { playStoreContract } from '../../ports/play-store.contract.ts'
import { valueStoreContract } from '../../ports/value-store.contract.ts'
import { createIdbContentKeyStore } from './idb-content-key-store.ts'
import { createIdbPlayStore } from './idb-play-store.ts'
import { createIdbValueStore } from './idb-value-store.ts'
import { createManualClock } from '../system/manual-clock.ts'
import { createMemoryChunkStore } from './memory-chunk-store.ts'
import { createMemoryContentKeyStore } from './memory-content-key-store.ts'
import { createMemoryPlayStore } from './memory-play-store.ts'
import { createMemoryValueStore } from './memory-value-store.ts'
import { openDatabase } from './open-database.ts'

// Cache Storage exists only in browsers: the journeys test it.
let databases = 0
const fresh = (): ReturnType<typeof openDatabase> => openDatabase(`test-${(databases += 1)}`)

describe('memory chunk store', () => chunkStoreContract(createMemoryChunkStore))
describe('memory play store', () => {
  const store = createMemoryPlayStore()
  playStoreContract(() => store)
})
describe('IndexedDB play store', () => playStoreContract(async () => createIdbPlayStore(await openDatabase('plays'))))
describe('memory content key store', () => contentKeyStoreContract(createMemoryContentKeyStore))
describe('IndexedDB content key store', () =>
  contentKeyStoreContract(async () => createIdbContentKeyStore(await fresh())))
describe('memory value store', () => valueStoreContract(createMemoryValueStore))
describe('IndexedDB value store', () =>
  valueStoreContract(async () => createIdbValueStore(await fresh(), 'values', createManualClock())))
