import { createHash, randomBytes } from 'node:crypto'
import { parseChunkId } from '@tonestead/crdt/ids'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { expect, it } from 'vitest'
import type { ObjectStore } from './object-store.ts'

/** The contract of every object store. `open` returns an empty one. */
export const objectStoreContract = (open: () => Promise<ObjectStore>): void => {
  const signal = new AbortController().signal
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length))

  it('returns the bytes that were put, by their hash', async () => {
    const store = await open()
    for (const bytes of [random(70_000), random(1), new Uint8Array(0)]) {
      const id = await store.put(bytes, signal)
      expect(id).toBe(hashOf(bytes))
      expect(await store.get(id, signal)).toEqual(bytes)
      expect(await store.sizeOf(id, signal)).toBe(bytes.length)
    }
  })

  it('does nothing when the same bytes are put again, also at the same time', async () => {
    const store = await open()
    const bytes = random(50_000)
    const ids = await Promise.all(Array.from({ length: 16 }, () => store.put(bytes, signal)))
    expect(new Set(ids)).toEqual(new Set([hashOf(bytes)]))
    expect(await store.get(parseChunkId(hashOf(bytes)), signal)).toEqual(bytes)
  })

  it('stores many objects that are put at the same time', async () => {
    const store = await open()
    const all = Array.from({ length: 64 }, () => random(3000))
    const ids = await Promise.all(all.map((bytes) => store.put(bytes, signal)))
    const read = await Promise.all(ids.map((id) => store.get(id, signal)))
    expect(read).toEqual(all)
  })

  it('returns undefined for an object that does not exist', async () => {
    const store = await open()
    const id = parseChunkId(hashOf(utf8('nothing')))
    expect(await store.get(id, signal)).toBeUndefined()
    expect(await store.sizeOf(id, signal)).toBeUndefined()
  })

  it('deletes objects, and deleting again does nothing', async () => {
    const store = await open()
    const id = await store.put(utf8('brief'), signal)
    await store.delete(id, signal)
    await store.delete(id, signal)
    expect(await store.get(id, signal)).toBeUndefined()
    expect(await store.put(utf8('brief'), signal)).toBe(id)
    expect(await store.get(id, signal)).toEqual(utf8('brief'))
  })

  it('does not write when the signal has aborted', async () => {
    const store = await open()
    await expect(store.put(utf8('late'), AbortSignal.abort())).rejects.toThrow()
    expect(await store.sizeOf(parseChunkId(hashOf(utf8('late'))), signal)).toBeUndefined()
  })

  it('says of an object whether it is sound, and takes it away without deleting others', async () => {
    const store = await open()
    const [one, other] = [await store.put(random(5000), signal), await store.put(random(5000), signal)]
    expect(await store.check(one, signal)).toBe('sound')
    await store.setAside(one, signal)
    await store.setAside(one, signal)
    expect(await store.check(one, signal)).toBe('missing')
    expect(await store.get(one, signal)).toBeUndefined()
    expect(await store.check(other, signal)).toBe('sound')
  })

  it('reports the free space', async () => {
    const store = await open()
    expect(await store.freeBytes(signal)).toBeGreaterThan(0)
  })
}
