import { expect, test } from 'vitest'
import type { PlayRecord, PlayStore } from './play-store.ts'

const record = (playId: string, createdAtMs = 1000): PlayRecord => ({
  playId,
  signedHead: Uint8Array.of(1, 2, 3),
  serverKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
  quality: 'auto',
  createdAtMs,
})

/** What every PlayStore does. `reopen` opens the same data again, as a restarted worker does. */
export const playStoreContract = (reopen: () => Promise<PlayStore> | PlayStore): void => {
  test('a play is found by its id, also by another context', async () => {
    await (await reopen()).put({ ...record('a'), quality: 'aac-128', pattern: 'cycle' })
    expect(await (await reopen()).get('a')).toEqual({
      record: { ...record('a'), quality: 'aac-128', pattern: 'cycle' },
      pins: undefined,
    })
  })
  test('an unknown play is undefined', async () => {
    expect(await (await reopen()).get('nobody')).toBeUndefined()
  })
  test('pins replace pins', async () => {
    const store = await reopen()
    await store.put(record('p'))
    await store.pin('p', Uint8Array.of(0, 255))
    await store.pin('p', Uint8Array.of(0, 2))
    expect((await (await reopen()).get('p'))?.pins).toEqual(Uint8Array.of(0, 2))
  })
  test('pins of a deleted play are not stored', async () => {
    const store = await reopen()
    await store.put(record('d'))
    await store.drop(['d'], 0)
    await store.pin('d', Uint8Array.of(1))
    await store.put(record('d'))
    expect((await store.get('d'))?.pins).toBeUndefined()
  })
  test('old plays are deleted with their pins', async () => {
    const store = await reopen()
    await store.put(record('old', 10))
    await store.pin('old', Uint8Array.of(1))
    await store.put(record('new', 30))
    await store.drop([], 20)
    expect(await store.get('old')).toBeUndefined()
    expect(await store.get('new')).toBeDefined()
  })
}
