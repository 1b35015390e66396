import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { describe, expect, it } from 'vitest'
import { toBase32 } from './bytes.ts'
import { openLicense, readLicense, sealLicense } from './license.ts'
import {
  agreementKeyOf,
  agreementPublic,
  contentKey,
  licenseTerms,
  recordingId,
  seeds,
  signingPairOf,
} from './vectors.testkit.ts'

const { subtle } = globalThis.crypto
const server = await signingPairOf(seeds.catalog)
const keyId = (byte: number): string => toBase32(new Uint8Array(32).fill(byte))
const terms = { ...licenseTerms, account: parseAccountId(keyId(1)), device: parseDeviceId(keyId(2)) }
const seal = (count = 1) =>
  sealLicense(subtle, server.privateKey, {
    terms,
    device: agreementPublic,
    keys: Array.from({ length: count }, (_, index) => ({
      recording: recordingId,
      keyVersion: index + 1,
      key: contentKey,
    })),
  })

describe('a license', () => {
  it('gives its device content keys that cannot be exported', async () => {
    const license = await readLicense(server.verifyingKey, await seal(3))
    if (license === undefined) throw new Error('the license was refused')
    const granted = await openLicense(subtle, await agreementKeyOf(), license)
    expect(granted.map((grant) => grant.keyVersion)).toEqual([1, 2, 3])
    for (const { key } of granted) {
      expect(key.usages).toEqual(['decrypt'])
      await expect(subtle.exportKey('raw', key)).rejects.toThrow()
    }
  })

  it('has a new ephemeral key each time', async () => {
    const read = async () => (await readLicense(server.verifyingKey, await seal()))?.epk.x
    expect(await read()).not.toBe(await read())
  })

  it('cannot be unwrapped when its terms were altered or it is for another device', async () => {
    const license = await readLicense(server.verifyingKey, await seal())
    if (license === undefined) throw new Error('the license was refused')
    const key = await agreementKeyOf()
    for (const altered of [
      { expiresAt: license.expiresAt + 1 },
      { issuedAt: 0 },
      { serial: 'other' },
      { device: parseDeviceId(keyId(9)) },
      { account: parseAccountId(keyId(9)) },
    ]) {
      await expect(openLicense(subtle, key, { ...license, ...altered })).rejects.toThrow()
    }
    const stranger = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])
    await expect(openLicense(subtle, stranger.privateKey, license)).rejects.toThrow()
  })

  it('is refused when the server did not sign it', async () => {
    const jws = await seal()
    expect(await readLicense((await signingPairOf(seeds.root)).verifyingKey, jws)).toBeUndefined()
    for (const broken of ['', 'a.b.c', jws.slice(0, -3), jws.replace('.', '..')])
      expect(await readLicense(server.verifyingKey, broken)).toBeUndefined()
  })
})
