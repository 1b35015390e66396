import { describe, expect, it } from 'vitest'
import { readProof, signProof, tokenHash } from './auth.ts'
import { fromHex, toBase32, toHex } from './bytes.ts'
import { chunkIdOf, initializationVector, openChunk, sealSegment } from './chunk.ts'
import { accountIdOf, deviceIdOf, readDeviceLog, signDeviceLogEntry } from './device-log.ts'
import { initSegment } from './init-segment.ts'
import { openLicense, readLicense } from './license.ts'
import {
  decodeManifestHead,
  decodeManifestTail,
  encodeManifestHead,
  encodeManifestTail,
  openManifestHead,
  signManifestHead,
} from './manifest.ts'
import { vector } from './vector.testkit.ts'
import { writeSegment } from './segment.ts'
import * as fixed from './vectors.testkit.ts'

// Code and vectors.json must agree in every byte. A changed vector is a new version of a format (docs/formats.md).

const { subtle } = globalThis.crypto
const catalog = await fixed.signingPairOf(fixed.seeds.catalog)
const root = await fixed.signingPairOf(fixed.seeds.root)
const device = await fixed.signingPairOf(fixed.seeds.device)
const contentKey = await subtle.importKey('raw', fixed.contentKey, 'AES-CBC', false, ['encrypt', 'decrypt'])
const entry = {
  v: 1,
  kind: 'account-created',
  rootKey: root.publicKey,
  device: { signingKey: device.publicKey, agreementKey: fixed.agreementPublic, name: 'Kitchen' },
  at: 1_700_000_000_000,
} as const

describe('test vectors', () => {
  it('of ids', async () => {
    expect(toBase32(fixed.counting(16))).toBe(vector('recordingId'))
    expect(await accountIdOf(subtle, root.publicKey)).toBe(vector('accountId'))
    expect(await deviceIdOf(subtle, device.publicKey)).toBe(vector('deviceId'))
    expect(catalog.publicKey.x).toBe(vector('catalogPublicKey'))
  })

  it('of manifest heads, their signatures, tails and init segments', async () => {
    for (const [name, head, tail] of [
      ['aac', fixed.aacHead, fixed.aacTail],
      ['flac', fixed.flacHead, fixed.flacTail],
    ] as const) {
      expect(toHex(encodeManifestHead(head))).toBe(vector(`${name}Head`))
      expect(toHex(await signManifestHead(subtle, catalog.privateKey, head))).toBe(vector(`${name}SignedHead`))
      expect(decodeManifestHead(fromHex(vector(`${name}Head`)))).toEqual(head)
      expect(await openManifestHead(subtle, catalog.verifyingKey, fromHex(vector(`${name}SignedHead`)))).toEqual(head)
      expect(toHex(encodeManifestTail(tail))).toBe(vector(`${name}Tail`))
      expect(decodeManifestTail(fromHex(vector(`${name}Tail`)), head)).toEqual(tail)
      expect(toHex(initSegment(head))).toBe(vector(`${name}Init`))
    }
  })

  it('of a segment, its initialization vector, its chunk and the chunk id', async () => {
    expect(toHex(writeSegment(fixed.segment))).toBe(vector('segment'))
    expect(toHex(await initializationVector(subtle, fixed.address))).toBe(vector('initializationVector'))
    const chunk = await sealSegment(subtle, contentKey, {
      address: fixed.address,
      segment: writeSegment(fixed.segment),
    })
    expect(toHex(chunk)).toBe(vector('chunk'))
    expect(await chunkIdOf(subtle, chunk)).toBe(vector('chunkId'))
    expect(
      toHex(await openChunk(subtle, contentKey, { address: fixed.address, chunk: fromHex(vector('chunk')) })),
    ).toBe(vector('segment'))
  })

  it('of a device log', async () => {
    expect(await signDeviceLogEntry(root.privateKey, entry)).toBe(vector('deviceLogEntry'))
    expect(await readDeviceLog(subtle, [vector('deviceLogEntry')])).toEqual([
      {
        account: vector('accountId'),
        device: vector('deviceId'),
        signingKey: device.publicKey,
        agreementKey: fixed.agreementPublic,
        name: 'Kitchen',
      },
    ])
  })

  it('of a proof', async () => {
    expect(await tokenHash(subtle, 'token')).toBe(vector('tokenHash'))
    expect(await signProof(device, fixed.proofClaims)).toBe(vector('proof'))
    expect(await readProof(vector('proof'))).toEqual({ claims: fixed.proofClaims, key: device.publicKey })
  })

  it('of a license, from which the content key is unwrapped', async () => {
    const license = await readLicense(catalog.verifyingKey, vector('license'))
    if (license === undefined) throw new Error('the license was refused')
    expect(license).toMatchObject({
      serial: 'serial-1',
      account: vector('accountId'),
      device: vector('deviceId'),
      expiresAt: fixed.licenseTerms.expiresAt,
    })
    const [granted] = await openLicense(subtle, await fixed.agreementKeyOf(), license)
    expect(granted).toMatchObject({ recording: fixed.recordingId, keyVersion: 1 })
    if (granted === undefined) throw new Error('no key')
    expect(
      toHex(await openChunk(subtle, granted.key, { address: fixed.address, chunk: fromHex(vector('chunk')) })),
    ).toBe(vector('segment'))
  })
})
