import { parseChunkId } from '@tonestead/crdt/ids'
import { expect, test } from 'vitest'
import type { ChunkStore } from './chunk-store.ts'

/** What every ChunkStore does. */
export const chunkStoreContract = (create: () => Promise<ChunkStore> | ChunkStore): void => {
  const signal = new AbortController().signal
  const id = parseChunkId('ab'.repeat(32))

  test('stores bytes by id', async () => {
    const store = await create()
    expect(await store.put(id, Uint8Array.of(1, 2, 3))).toBe('stored')
    expect(await store.get(id, signal)).toEqual(Uint8Array.of(1, 2, 3))
    expect(await store.has(id)).toBe(true)
  })
  test('an id that is not stored gives undefined', async () => {
    const store = await create()
    const other = parseChunkId('cd'.repeat(32))
    expect(await store.get(other, signal)).toBeUndefined()
    expect(await store.has(other)).toBe(false)
  })
  test('deletes an entry, and stores it again', async () => {
    const store = await create()
    await store.put(id, Uint8Array.of(1))
    await store.delete(id)
    await store.delete(id)
    expect(await store.has(id)).toBe(false)
    await store.put(id, Uint8Array.of(2))
    expect(await store.get(id, signal)).toEqual(Uint8Array.of(2))
  })
}
