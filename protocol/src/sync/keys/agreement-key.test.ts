import { CipherSuite, Aes256Gcm, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64Url, fromHex, toBase64Url, toHex } from '../../bytes.ts'
import { agreementPublic, counting } from '../../vectors.testkit.ts'
import { createRandom } from '../sync-fixtures.testkit.ts'
import {
  deriveAgreementPair,
  exportScalar,
  importAgreementKey,
  isAgreementKey,
  isKeyId,
  keyIdOf,
  keyIdToBytes,
} from './agreement-key.ts'
import { epochBoxInfo, openBox, sealBox } from './hpke-box.ts'
import * as fixed from '../sync-fixtures.testkit.ts'

const { subtle } = globalThis.crypto
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const fromNumber = (value: bigint) => toBase64Url(fromHex(value.toString(16).padStart(64, '0')))
const toNumber = (text: string) => BigInt(`0x${toHex(fromBase64Url(text))}`)
const negated = { ...agreementPublic, y: fromNumber(p - toNumber(agreementPublic.y)) }

const recipient = await deriveAgreementPair({ subtle }, counting(32, 5))

describe('an agreement key', () => {
  it('[SF11] is derived as RFC 9180 says: its test vector A.3.1 for DHKEM(P-256, HKDF-SHA256)', async () => {
    const ikm = fromHex('4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e')
    const pair = await deriveAgreementPair({ subtle }, ikm, { isExtractable: true })
    expect(toHex(fromBase64Url(pair.publicKey.x)) + toHex(fromBase64Url(pair.publicKey.y))).toBe(
      'a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
    )
    expect(toHex(await exportScalar({ subtle }, pair.privateKey))).toBe(
      '4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb',
    )
  })

  it('[SF11] is the one that @hpke/core derives', async () => {
    const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        const theirs = await suite.kem.deriveKeyPair(new Uint8Array(bytes))
        const ours = await deriveAgreementPair({ subtle }, new Uint8Array(bytes))
        const { x, y } = await subtle.exportKey('jwk', theirs.publicKey)
        expect({ x, y }).toEqual({ x: ours.publicKey.x, y: ours.publicKey.y })
        expect(isAgreementKey(ours.publicKey)).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  it('[SF10] has the id of its compressed point, and the negated key has another', () => {
    const id = keyIdOf(agreementPublic)
    expect([id.length, isKeyId(id)]).toEqual([53, true])
    expect(toHex(keyIdToBytes(id)).slice(2)).toBe(toHex(fromBase64Url(agreementPublic.x)))
    expect(isAgreementKey(negated)).toBe(true)
    expect(keyIdOf(negated)).not.toBe(id)
  })

  it('[SF10] has an id that begins with 2 or 3 and has no unused bits', () => {
    const id = keyIdOf(agreementPublic)
    for (const other of [
      id.slice(1),
      `${id}a`,
      `b${id.slice(1)}`,
      `aa${id.slice(2)}`,
      `aq${id.slice(2)}`,
      id.toUpperCase(),
    ])
      expect(isKeyId(other), other).toBe(false)
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    const odd = id.slice(0, -1) + alphabet.charAt(alphabet.indexOf(id.at(-1)!) ^ 1)
    expect(isKeyId(odd)).toBe(false)
    expect(() => keyIdToBytes(odd)).toThrow(TypeError)
  })

  it('[SF6] must be a point of the curve, below the prime, and canonical', () => {
    const { x, y } = agreementPublic
    expect(isAgreementKey(agreementPublic)).toBe(true)
    const last = x.at(-1)!
    const sameBytes = x.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1)
    const bad = [
      { x: y, y: x },
      { x: fromNumber(0n), y: fromNumber(0n) },
      { x: fromNumber(p), y },
      { x: sameBytes, y },
      { x: `${x}A`, y },
      { x: 'ä', y },
    ]
    for (const each of bad) expect(isAgreementKey({ ...agreementPublic, ...each }), JSON.stringify(each)).toBe(false)
  })

  it('[SF6] is not imported with the scalar of another key', async () => {
    const [a, b] = await Promise.all(
      [1, 2].map((from) => deriveAgreementPair({ subtle }, counting(32, from), { isExtractable: true })),
    )
    const scalar = await exportScalar({ subtle }, a!.privateKey)
    await expect(importAgreementKey({ subtle }, { publicKey: b!.publicKey, scalar })).rejects.toThrow()
    expect(await importAgreementKey({ subtle }, { publicKey: a!.publicKey, scalar })).toMatchObject({
      extractable: false,
    })
  })
})

describe('a sealed key', () => {
  const info = epochBoxInfo(fixed.collection)
  const plaintext = fixed.epochKey

  it('[SF6] opens for its recipient and purpose alone', async () => {
    const sealed = await sealBox({ subtle, random: createRandom('box') }, recipient.publicKey, { info, plaintext })
    expect(sealed).toHaveLength(113)
    expect(await openBox({ subtle }, recipient, { info, sealed })).toEqual(plaintext)
    const stranger = await deriveAgreementPair({ subtle }, counting(32, 6))
    expect(await openBox({ subtle }, stranger, { info, sealed })).toBeUndefined()
    const otherInfo = epochBoxInfo(fixed.chain as string as typeof fixed.collection)
    expect(await openBox({ subtle }, recipient, { info: otherInfo, sealed })).toBeUndefined()
  })

  it('[SF6] altered in any byte, or cut, does not open', async () => {
    const sealed = await sealBox({ subtle, random: createRandom('box') }, recipient.publicKey, { info, plaintext })
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const altered = sealed.slice()
        altered[place]! ^= mask
        expect(await openBox({ subtle }, recipient, { info, sealed: altered })).toBeUndefined()
        expect(await openBox({ subtle }, recipient, { info, sealed: sealed.subarray(0, place) })).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  it('[SF7] is the same bytes for the same random', async () => {
    const seal = (seed: string) =>
      sealBox({ subtle, random: createRandom(seed) }, recipient.publicKey, { info, plaintext })
    expect(await seal('a')).toEqual(await seal('a'))
    expect(await seal('a')).not.toEqual(await seal('b'))
  })
})
