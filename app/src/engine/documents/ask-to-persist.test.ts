import { expect, test } from 'vitest'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createPersistenceRequest } from './ask-to-persist.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

test('[DO10] the browser is asked after the first edit that was kept, and once for a profile', async () => {
  let asked = 0
  const persist = () => {
    asked += 1
    return Promise.resolve(false)
  }
  const values = createMemoryValueStore()
  const onKept = createPersistenceRequest({ values, log: silentLog, persist })
  await turn()
  expect(asked).toBe(0)
  onKept()
  onKept()
  await turn()
  expect(asked).toBe(1)
  // Another tab, or a later visit.
  createPersistenceRequest({ values, log: silentLog, persist })()
  await turn()
  expect(asked).toBe(1)
})
