import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProof, signProof } from './auth.ts'
import { toBase64Url, utf8 } from './bytes.ts'
import { readDeviceLog, signDeviceLogEntry } from './device-log.ts'
import { agreementPublic, proofClaims, seeds, signingPairOf } from './vectors.testkit.ts'

const { subtle } = globalThis.crypto
const device = await signingPairOf(seeds.device)
const root = await signingPairOf(seeds.root)
const entry = {
  v: 1,
  kind: 'account-created',
  rootKey: root.publicKey,
  device: { signingKey: device.publicKey, agreementKey: agreementPublic, name: 'Kitchen' },
  at: 1,
} as const
const withHeader = (jws: string, header: object): string =>
  [toBase64Url(utf8(JSON.stringify(header))), ...jws.split('.').slice(1)].join('.')

describe('a proof', () => {
  it('gives the claims and the key that signed them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, maxLength: 64 }), fc.string(), fc.integer(), async (jti, htu, iat) => {
        const claims = { ...proofClaims, jti, htu, iat }
        expect(await readProof(await signProof(device, claims))).toEqual({ claims, key: device.publicKey })
      }),
      { numRuns: 30 },
    )
  })

  it('is refused with another key, algorithm or signature', async () => {
    const proof = await signProof(device, proofClaims)
    const header = { alg: 'EdDSA', typ: 'dpop+jwt', jwk: device.publicKey }
    for (const altered of [
      { ...header, jwk: root.publicKey },
      { ...header, alg: 'none' },
      { ...header, alg: 'HS256' },
      { ...header, typ: 'JWT' },
      { alg: 'EdDSA' },
    ])
      expect(await readProof(withHeader(proof, altered))).toBeUndefined()
    expect(await readProof(await signProof({ ...device, publicKey: root.publicKey }, proofClaims))).toBeUndefined()
    expect(await readProof(await signProof(device, { ...proofClaims, jti: 'short' }))).toBeUndefined()
  })

  it('is refused, without an exception, when it is arbitrary text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect(await readProof(text)).toBeUndefined()
        expect(await readProof(`${text}.${text}.${text}`)).toBeUndefined()
      }),
    )
  })
})

describe('a device log', () => {
  it('gives its first device when the root key signed it', async () => {
    const log = [await signDeviceLogEntry(root.privateKey, entry)]
    expect(await readDeviceLog(subtle, log)).toMatchObject([{ name: 'Kitchen', signingKey: device.publicKey }])
  })

  it('gives no device when another key signed it, when it is empty, or when it has a second entry', async () => {
    expect(await readDeviceLog(subtle, [await signDeviceLogEntry(device.privateKey, entry)])).toBeUndefined()
    expect(await readDeviceLog(subtle, [])).toBeUndefined()
    const log = await signDeviceLogEntry(root.privateKey, entry)
    expect(await readDeviceLog(subtle, [log, log])).toBeUndefined()
    for (const broken of ['', 'a.b.c', log.slice(0, -2), withHeader(log, { alg: 'none' })])
      expect(await readDeviceLog(subtle, [broken])).toBeUndefined()
  })
})
