import { expect, test } from 'vitest'
import type { ValueStore } from './value-store.ts'

/** What every ValueStore does. */
export const valueStoreContract = (create: () => Promise<ValueStore> | ValueStore): void => {
  test('a value replaces the one with the same name', async () => {
    const store = await create()
    await store.put('a', { n: 1 })
    await store.put('a', { n: 2, bytes: Uint8Array.of(3) })
    expect(await store.get('a')).toEqual({ n: 2, bytes: Uint8Array.of(3) })
    expect(await store.get('b')).toBeUndefined()
  })
  test('prune deletes the values that were written longest ago', async () => {
    const store = await create()
    for (const name of ['p', 'q', 'r']) await store.put(name, name)
    await store.put('p', 'again')
    await store.prune(2)
    expect([await store.get('p'), await store.get('q'), await store.get('r')]).toEqual(['again', undefined, 'r'])
  })
}
