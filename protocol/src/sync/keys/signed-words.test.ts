import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../../bytes.ts'
import { counting, signingPairOf } from '../../vectors.testkit.ts'
import { chainAfter, nextChain } from '../chain.ts'
import { firstChain } from '../derived-ids.ts'
import * as fixed from '../sync-fixtures.testkit.ts'
import { invitationKeys, signRedemption, verifyRedemption } from './invitation-link.ts'
import { signReceipt, verifyReceipt } from './receipt.ts'
import { recoveryPair } from './recovery-key.ts'
import { signChallenge, verifyChallenge } from './relay-challenge.ts'
import { createVerifier } from './verifier.ts'

const { subtle } = globalThis.crypto
const verifier = createVerifier({ subtle })
const { signer, key } = await fixed.signer()
const other = (await signingPairOf(counting(32, 1))).publicKey

describe('a receipt', () => {
  const claim = {
    collection: fixed.collection,
    generation: 3,
    seq: 12_345_678_901,
    chain: fixed.chain,
    nonce: undefined,
  }

  it('[SF9] holds for its own words and relay alone', async () => {
    const receipt = await signReceipt(fixed.relaySigner, claim)
    expect(await verifyReceipt({ subtle }, receipt, fixed.relayKey)).toBe(true)
    expect(await verifyReceipt({ subtle, verifier }, receipt, other)).toBe(false)
    const altered = [
      { collection: fixed.chain as string as typeof fixed.collection },
      { generation: 4 },
      { seq: claim.seq + 1 },
      { chain: fixed.collection as string as typeof fixed.chain },
      { nonce: toBase64Url(counting(16)) },
    ]
    for (const words of altered)
      expect(await verifyReceipt({ subtle, verifier }, { ...receipt, ...words }, fixed.relayKey)).toBe(false)
  })

  it('[SF9] with a nonce is not one without, and a nonce has 16 bytes', async () => {
    const fresh = await signReceipt(fixed.relaySigner, { ...claim, nonce: toBase64Url(counting(16)) })
    expect(await verifyReceipt({ subtle, verifier }, fresh, fixed.relayKey)).toBe(true)
    expect(await verifyReceipt({ subtle, verifier }, { ...fresh, nonce: undefined }, fixed.relayKey)).toBe(false)
    await expect(signReceipt(fixed.relaySigner, { ...claim, nonce: toBase64Url(counting(15)) })).rejects.toThrow('16')
  })
})

describe('the chain', () => {
  it('[SF9] begins with the collection id and depends on every item and their order', async () => {
    const [a, b] = fixed.itemIds
    const begin = firstChain(fixed.collection)
    expect(begin).toBe(fixed.collection)
    const step = (from: typeof begin, item: typeof a) => nextChain({ subtle }, from, item!)
    const ab = await step(await step(begin, a), b)
    const ba = await step(await step(begin, b), a)
    expect(chainAfter(begin, [a!, b!])).toBe(ab)
    expect(new Set([begin, ab, ba, await step(begin, a), await step(begin, b)]).size).toBe(5)
  })
})

describe('the answer to a challenge', () => {
  it('[SF3] holds for one relay, nonce and device', async () => {
    const challenge = { relayKey: fixed.relayKey, nonce: toBase64Url(counting(32)), device: fixed.device }
    const signature = await signChallenge(signer, challenge)
    const verify = (altered: Partial<typeof challenge>, by = key) =>
      verifyChallenge({ verifier }, { challenge: { ...challenge, ...altered }, signature }, by)
    expect(await verify({})).toBe(true)
    expect(await verify({}, other)).toBe(false)
    expect(await verify({ relayKey: other })).toBe(false)
    expect(await verify({ nonce: toBase64Url(counting(32, 1)) })).toBe(false)
    expect(await verify({ device: fixed.account as string as typeof fixed.device })).toBe(false)
  })
})

describe('an invitation link', () => {
  it('[SF11] gives the same keys to everyone who has its secret, and others for another secret', async () => {
    const [a, b, c] = await Promise.all(
      [counting(32), counting(32), counting(32, 1)].map((s) => invitationKeys({ subtle }, s)),
    )
    expect(a!.sealing.publicKey).toEqual(b!.sealing.publicKey)
    expect(a!.proof.publicKey).toEqual(b!.proof.publicKey)
    expect(a!.sealing.publicKey).not.toEqual(c!.sealing.publicKey)
    expect(a!.proof.publicKey).not.toEqual(c!.proof.publicKey)
    await expect(invitationKeys({ subtle }, counting(31))).rejects.toThrow('32 bytes')
  })

  it('[SF3] proves a redemption by one account and device to one collection', async () => {
    const { proof } = await invitationKeys({ subtle }, counting(32))
    const redemption = { collection: fixed.collection, account: fixed.account, device: fixed.device }
    const words = await signRedemption({ subtle, signingKey: proof.privateKey }, redemption)
    const verify = (altered: Partial<typeof redemption>, by = proof.publicKey) =>
      verifyRedemption({ verifier }, { redemption: { ...redemption, ...altered }, proof: words }, by)
    expect(await verify({})).toBe(true)
    expect(await verify({}, other)).toBe(false)
    expect(await verify({ account: fixed.device as string as typeof fixed.account })).toBe(false)
    expect(await verify({ device: fixed.account as string as typeof fixed.device })).toBe(false)
    expect(await verify({ collection: fixed.chain as string as typeof fixed.collection })).toBe(false)
  })
})

describe('the recovery key', () => {
  it('[SF11] follows from the entropy of the phrase', async () => {
    const of = async (entropy: Uint8Array<ArrayBuffer>) => (await recoveryPair({ subtle }, entropy)).publicKey
    expect(await of(counting(16))).toEqual(await of(counting(16)))
    expect(await of(counting(16))).not.toEqual(await of(counting(16, 1)))
    expect(await of(counting(16))).not.toEqual(await of(counting(17)))
    await expect(of(counting(15))).rejects.toThrow('16 to 32')
  })
})
