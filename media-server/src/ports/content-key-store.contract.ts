import { expect, it } from 'vitest'
import type { ContentKeyStore } from './content-key-store.ts'
import { randomRecordingId } from './publication.testkit.ts'

/** The contract of every content key store. `open` returns an empty one. */
export const contentKeyStoreContract = (open: () => Promise<ContentKeyStore>): void => {
  it('creates one key, also for many concurrent first calls', async () => {
    const keys = await open()
    const id = randomRecordingId()
    const made = await Promise.all(Array.from({ length: 16 }, () => keys.currentOrNew(id)))
    expect(new Set(made.map(({ version, key }) => `${version} ${Buffer.from(key).toString('hex')}`)).size).toBe(1)
    expect(made[0]).toMatchObject({ version: 1 })
    expect(made[0]?.key).toHaveLength(16)
    expect((await keys.currentOrNew(randomRecordingId())).key).not.toEqual(made[0]?.key)
  })

  it('keeps old versions readable after a new one', async () => {
    const keys = await open()
    const id = randomRecordingId()
    const first = await keys.currentOrNew(id)
    const renewed = await Promise.all(Array.from({ length: 8 }, () => keys.renew(id)))
    expect(renewed.map((key) => key.version).toSorted()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(await keys.get(id, 1)).toEqual(first)
    expect(await keys.currentOrNew(id)).toEqual(renewed.find((key) => key.version === 9))
    expect(await keys.get(id, 10)).toBeUndefined()
    expect(await keys.get(randomRecordingId(), 1)).toBeUndefined()
  })
}
