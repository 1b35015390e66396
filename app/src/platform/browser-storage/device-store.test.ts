import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import type { DeviceIdentity, DeviceStore } from '../../ports/device-store.ts'
import { createIdbDeviceStore } from './idb-device-store.ts'
import { createMemoryDeviceStore } from './memory-device-store.ts'
import { openDatabase } from './open-database.ts'

const { subtle } = crypto

const makeIdentity = async (letter: string): Promise<DeviceIdentity> => {
  const signing = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
  const agreement = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])
  return {
    accountId: letter.repeat(52) as DeviceIdentity['accountId'],
    deviceId: letter.repeat(52) as DeviceIdentity['deviceId'],
    signing: { privateKey: signing.privateKey, publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } },
    agreement: {
      privateKey: agreement.privateKey,
      publicKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
    },
    deviceLog: ['entry'],
    rootEntropy: new Uint8Array(16),
  }
}

const stores: readonly [string, () => Promise<DeviceStore>][] = [
  ['memory', () => Promise.resolve(createMemoryDeviceStore())],
  ['IndexedDB', async () => createIdbDeviceStore(await openDatabase('device'))],
]

describe.each(stores)('%s device store', (_name, create) => {
  test('the first identity stays, a second caller gets it, and its keys still sign', async () => {
    const store = await create()
    expect(await store.get()).toBeUndefined()
    const [first, second] = await Promise.all([makeIdentity('a'), makeIdentity('b')])
    expect((await store.putFirst(first)).deviceId).toBe(first.deviceId)
    expect((await store.putFirst(second)).deviceId).toBe(first.deviceId)
    const stored = await store.get()
    expect(stored?.signing.privateKey.extractable).toBe(false)
    expect((await subtle.sign('Ed25519', stored!.signing.privateKey, new Uint8Array(1))).byteLength).toBe(64)
  })
})
