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

const stores: readonly [string, (name: string) => Promise<DeviceStore>][] = [
  ['memory', () => Promise.resolve(createMemoryDeviceStore())],
  ['IndexedDB', async (name) => createIdbDeviceStore(await openDatabase(name))],
]

describe.each(stores)('%s device store', (_name, create) => {
  test('the first identity stays, a second caller gets it, and its keys still sign', async () => {
    const store = await create('device')
    expect(await store.get()).toBeUndefined()
    const [first, second] = await Promise.all([makeIdentity('a'), makeIdentity('b')])
    expect((await store.putFirst(first)).deviceId).toBe(first.deviceId)
    expect((await store.putFirst(second)).deviceId).toBe(first.deviceId)
    const stored = await store.get()
    expect(stored?.signing.privateKey.extractable).toBe(false)
    expect((await subtle.sign('Ed25519', stored!.signing.privateKey, new Uint8Array(1))).byteLength).toBe(64)
  })
  test('an identity of an earlier version gets one sealing key, and keeps everything that it has', async () => {
    const store = await create('sealing')
    const makeSealing = async () => {
      const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
      const publicKey = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const
      return { privateKey: pair.privateKey, publicKey }
    }
    const [first, second] = [await makeSealing(), await makeSealing()]
    await expect(store.putFirstSealing(first)).rejects.toThrow('no identity')
    const before = await store.putFirst(await makeIdentity('a'))
    await Promise.all([store.putFirstSealing(first), store.putFirstSealing(second)])
    const { sealing, ...rest } = (await store.get())!
    expect(sealing?.privateKey).toMatchObject({ extractable: false, usages: ['deriveBits'] })
    expect(Object.keys(rest).toSorted()).toEqual(Object.keys(before).toSorted())
    expect(rest.deviceLog).toEqual(before.deviceLog)
  })
})
