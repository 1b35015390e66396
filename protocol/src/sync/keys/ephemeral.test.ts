import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../bytes.ts'
import { counting, signingPairOf } from '../../vectors.testkit.ts'
import { keys } from '../sample-items.testkit.ts'
import * as fixed from '../sync-fixtures.testkit.ts'
import { maxEphemeralBytes } from '../sync-limits.ts'
import { openEphemeral, readEphemeral, sealEphemeral, verifyEphemeral } from './ephemeral.ts'
import { epochKeys } from './epoch-keys.ts'
import { createVerifier } from './verifier.ts'

const { subtle } = globalThis.crypto
const verifier = createVerifier({ subtle })
const { signer, key } = await fixed.signer()
const { account, device } = fixed
const seal = (plaintext = counting(50), seed = 'a') =>
  sealEphemeral({ ...signer, random: fixed.createRandom(seed) }, keys, { account, device, plaintext })

describe('an ephemeral message', () => {
  it('[SF3] [SF5] is read, verified and opened', async () => {
    const message = readEphemeral(await seal())!
    expect(message).toMatchObject({ account, device, collection: fixed.collection, epoch: fixed.epoch })
    expect(await verifyEphemeral({ verifier }, message, key)).toBe(true)
    expect(await verifyEphemeral({ verifier }, message, (await signingPairOf(counting(32))).publicKey)).toBe(false)
    expect(await openEphemeral({ subtle }, keys, message)).toEqual(counting(50))
  })

  it('[SF5] does not open with other keys, or as the message of another device', async () => {
    const message = readEphemeral(await seal())!
    expect(await openEphemeral({ subtle }, await epochKeys({ subtle }, counting(32), fixed), message)).toBeUndefined()
    const epoch = fixed.chain as string as typeof fixed.epoch
    expect(await openEphemeral({ subtle }, { ...keys, epoch }, message)).toBeUndefined()
    const other = { ...message, device: fixed.chain as string as typeof device }
    expect(await openEphemeral({ subtle }, keys, other)).toBeUndefined()
  })

  it('[SF1] [SF2] altered, cut or longer is refused, or its signature does not hold', async () => {
    const sealed = await seal()
    const isRefused = async (bytes: Uint8Array) => {
      const message = readEphemeral(bytes)
      return message === undefined || !(await verifyEphemeral({ verifier }, message, key))
    }
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const altered = sealed.slice()
        altered[place]! ^= mask
        expect(await isRefused(altered)).toBe(true)
        expect(await isRefused(sealed.subarray(0, place))).toBe(true)
        expect(await isRefused(concat(sealed, Uint8Array.of(mask)))).toBe(true)
      }),
    )
  })

  it('[SF2] has at most 16 KiB and is not empty', async () => {
    const most = maxEphemeralBytes - 129 - 12 - 16 - 64
    expect(await seal(counting(most))).toHaveLength(maxEphemeralBytes)
    await expect(seal(counting(most + 1))).rejects.toThrow(RangeError)
    await expect(seal(counting(0))).rejects.toThrow(RangeError)
    expect(readEphemeral(new Uint8Array(maxEphemeralBytes + 1))).toBeUndefined()
  })

  it('[SF7] is the same bytes for the same random', async () => {
    expect(await seal()).toEqual(await seal())
    expect(await seal(counting(50), 'b')).not.toEqual(await seal())
  })
})
