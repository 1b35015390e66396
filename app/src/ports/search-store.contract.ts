import { describe, expect, test } from 'vitest'
import type { SearchStore } from './search-store.ts'

const snapshot = (letter: number) => ({
  serverId: 's',
  audience: 'everyone' as const,
  fetchedAtMs: 1,
  bytes: Uint8Array.of(letter, 2, 3),
})

/** What every SearchStore does. `reopen` opens the same data again; it is empty at first. */
export const searchStoreContract = (create: () => Promise<{ reopen: () => Promise<SearchStore> }>): void => {
  describe('the index', () => {
    test('is read by another tab with the changes after it, in order', async () => {
      const { reopen } = await create()
      const store = await reopen()
      expect(await store.read()).toBeUndefined()
      const first = await store.replace(snapshot(1))
      const second = await store.append(first.version, { last: 5, items: [{ a: 1 }] })
      const third = await store.append(second!.version, { last: 9, items: [] })
      const other = await reopen()
      expect(await other.head()).toEqual(third)
      expect(await other.read()).toEqual({
        head: third,
        bytes: Uint8Array.of(1, 2, 3),
        changes: [
          { version: second!.version, last: 5, items: [{ a: 1 }] },
          { version: third!.version, last: 9, items: [] },
        ],
      })
      expect((await other.changesAfter(second!.version)).map(({ last }) => last)).toEqual([9])
    })
    test('refuses changes for a version that is not the current one', async () => {
      const store = await (await create()).reopen()
      const first = await store.replace(snapshot(1))
      const both = await Promise.all([
        store.append(first.version, { last: 5, items: [] }),
        store.append(first.version, { last: 6, items: [] }),
      ])
      expect(both.filter((head) => head !== undefined).length).toBe(1)
      expect((await store.read())?.changes.length).toBe(1)
      expect(await store.compact(first.version, Uint8Array.of(9))).toBeUndefined()
    })
    test('is replaced together with its changes, and versions keep growing', async () => {
      const store = await (await create()).reopen()
      const first = await store.replace(snapshot(1))
      const changed = await store.append(first.version, { last: 5, items: [] })
      const second = await store.replace({ ...snapshot(7), audience: 'listeners' })
      expect(second.version).toBeGreaterThan(changed!.version)
      expect(await store.read()).toEqual({ head: second, bytes: Uint8Array.of(7, 2, 3), changes: [] })
      expect(second).toMatchObject({ snapshotVersion: second.version, audience: 'listeners' })
    })
    test('is compacted: a new snapshot replaces snapshot and changes, the rest stays', async () => {
      const store = await (await create()).reopen()
      const first = await store.replace(snapshot(1))
      const changed = await store.append(first.version, { last: 5, items: [] })
      const compacted = await store.compact(changed!.version, Uint8Array.of(8))
      expect(await store.read()).toEqual({ head: compacted, bytes: Uint8Array.of(8), changes: [] })
      expect(compacted).toMatchObject({ serverId: 's', fetchedAtMs: 1, snapshotVersion: compacted!.version })
    })
    test('is deleted only in the given version, and refuses changes afterwards', async () => {
      const store = await (await create()).reopen()
      const first = await store.replace(snapshot(1))
      await store.drop(first.version - 1)
      expect(await store.read()).toBeDefined()
      await store.drop(first.version)
      expect(await store.read()).toBeUndefined()
      expect(await store.append(first.version, { last: 2, items: [] })).toBeUndefined()
      expect((await store.replace(snapshot(2))).version).toBeGreaterThan(first.version)
    })
  })
  describe('a used document', () => {
    const touched = (key: string, atMs: number, most = 3) => ({ key, document: { key }, atMs, most })
    test('is counted for each server', async () => {
      const store = await (await create()).reopen()
      await store.touch('s', touched('a', 1))
      expect(await store.touch('s', touched('a', 2))).toEqual({ document: { key: 'a' }, touchedAtMs: 2, times: 2 })
      await store.touch('t', touched('b', 3))
      expect(await store.touched('s')).toEqual([{ document: { key: 'a' }, touchedAtMs: 2, times: 2 }])
    })
    test('is deleted beyond the limit, the one used longest ago first', async () => {
      const store = await (await create()).reopen()
      for (const [index, key] of ['a', 'b', 'c', 'a', 'd', 'e'].entries()) await store.touch('s', touched(key, index))
      expect((await store.touched('s')).map(({ document }) => (document as { key: string }).key)).toEqual([
        'a',
        'd',
        'e',
      ])
    })
  })
}
