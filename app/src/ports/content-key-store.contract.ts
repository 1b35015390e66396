import { parseRecordingId } from '@tonestead/crdt/ids'
import { expect, test } from 'vitest'
import type { ContentKeyStore, HeldKey } from './content-key-store.ts'

const [one, two] = [parseRecordingId('a'.repeat(26)), parseRecordingId('b'.repeat(26))]
const makeKey = (): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new Uint8Array(16), 'AES-CBC', false, ['decrypt'])
const held = async (recordingId: HeldKey['recordingId'], keyVersion: number, expiresAt: number): Promise<HeldKey> => ({
  recordingId,
  keyVersion,
  key: await makeKey(),
  expiresAt,
})

/** What every ContentKeyStore does. */
export const contentKeyStoreContract = (create: () => Promise<ContentKeyStore> | ContentKeyStore): void => {
  test('a stored key is usable and not extractable', async () => {
    const store = await create()
    await store.put([await held(one, 1, 5000)], 100)
    const { held: found } = await store.get(one, 1)
    expect(found?.expiresAt).toBe(5000)
    expect(found?.key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', found!.key)).rejects.toThrow()
  })
  test('each version has its own key, and the newest one gives the expiry', async () => {
    const store = await create()
    await store.put([await held(one, 1, 9000), await held(one, 2, 7000)], 100)
    expect((await store.get(one, 2)).held?.expiresAt).toBe(7000)
    expect((await store.get(one, 3)).held).toBeUndefined()
    expect(await store.expiries([one, two])).toEqual(new Map([[one, 7000]]))
  })
  test('the latest issue only rises', async () => {
    const store = await create()
    await store.put([], 500)
    await store.put([await held(two, 1, 1)], 300)
    expect((await store.get(two, 1)).latestIssue).toBe(500)
  })
  test('delete removes the keys of these recordings only', async () => {
    const store = await create()
    await store.put([await held(one, 1, 1), await held(two, 1, 1)], 1)
    await store.delete([one])
    expect((await store.get(one, 1)).held).toBeUndefined()
    expect((await store.get(two, 1)).held).toBeDefined()
  })
}
