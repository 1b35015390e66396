import { expect, test } from 'vitest'
import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import { createMemoryValueStore } from '../../../platform/browser-storage/memory-value-store.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import { systemRandom as random } from '../../../platform/system/system-random.ts'
import { createMemoryDocuments } from '../../documents/memory-documents.testkit.ts'
import { createTestPlaylists, created, tracksOf } from '../../playlists/playlists.testkit.ts'
import { applyKept, collectKept, storeKept } from './carry-over.ts'
import { keptValue } from './kept-value.ts'

const shownIn = (documents: ReturnType<typeof createMemoryDocuments>, name: DocumentKind, id?: string): string => {
  const address = id === undefined ? { kind: name } : { kind: name, id }
  return JSON.stringify(documents.view({ address } as never).get())
}

test('[AP4] what a profile kept is in the account once, however often it is given', async () => {
  const { playlists, documents: own } = createTestPlaylists()
  const id = await created(playlists, tracksOf(3))
  const kept = await collectKept({ documents: own, random }, new AbortController().signal)
  const values = createMemoryValueStore()
  await storeKept(values, kept)
  const account = createMemoryDocuments()
  await applyKept({ values, documents: account, log: silentLog })
  expect(shownIn(account, 'playlist', id)).toContain('Friday')
  expect(shownIn(account, 'root')).toContain(id)
  expect(await values.get(keptValue)).toBeUndefined()
  const [once, count] = [shownIn(account, 'playlist', id), account.edits.length]
  // It ended before it could forget them.
  await storeKept(values, kept)
  await applyKept({ values, documents: account, log: silentLog })
  expect([shownIn(account, 'playlist', id), account.edits.length]).toEqual([once, count])
})
