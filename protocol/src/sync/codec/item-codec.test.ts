import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, uint, utf8, type Bytes } from '../../bytes.ts'
import { counting } from '../../vectors.testkit.ts'
import { createVerifier } from '../keys/verifier.ts'
import { signEnvelope, signMembership } from '../keys/sign-item.ts'
import { maxBodyBytes, maxBoxes, maxChangesPerEnvelope, maxDeps, maxProofItems } from '../sync-limits.ts'
import { envelopeOf, membershipsOf, sampleBytes, sampleItems, snapshotOf } from '../sample-items.testkit.ts'
import { hostileBytes } from '../hostile-bytes.testkit.ts'
import * as fixed from '../sync-fixtures.testkit.ts'
import { decodeEnvelopeHeader, encodeEnvelopeHeader } from './envelope-codec.ts'
import {
  documentOfEnvelope,
  isNewerItem,
  isSameItem,
  readItem,
  readProofItem,
  withoutBody,
  writeItem,
  writeProofItem,
} from './item-codec.ts'
import { writeCanonicalJson } from './canonical-json.ts'
import { decodeMembershipHeader, encodeBoxes } from './membership-codec.ts'
import { decodeSnapshotHeader, encodeSnapshotHeader } from './snapshot-codec.ts'

const { subtle } = globalThis.crypto
const { signer, key } = await fixed.signer()
const items = await sampleItems()
const samples = await sampleBytes()
const verifier = createVerifier({ subtle })
const anyOf = <T>(values: readonly T[]) => fc.nat({ max: values.length - 1 }).map((index) => values[index]!)

/** Refused, or another id, or a signature that does not hold, or (of a dropped body) the same header. */
const isHarmless = async (altered: Bytes, original: Bytes): Promise<boolean> => {
  const [read, before] = [await readItem(altered), await readItem(original)]
  if (read === undefined) return true
  if (!writeItem(read).every((byte, index) => byte === altered[index])) return false
  return read.id !== before!.id || !(await verifier.verifyItem(read, key))
}

describe('an item', () => {
  it('[SF1] of every kind and operation is read as it was written', async () => {
    expect(
      new Set(items.flatMap((item) => (item.kind === 'membership' ? item.header.operation.kind : item.kind))).size,
    ).toBe(fixed.operations.length + 3)
    for (const item of items) {
      expect(await readItem(writeItem(item))).toEqual(item)
      expect(writeItem((await readItem(writeItem(item)))!)).toEqual(writeItem(item))
    }
  })

  it('[SF1] [SF2] with one bit flipped is refused, or is another item, or its signature does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyOf(samples), fc.nat(), fc.nat({ max: 7 }), async (sample, place, bit) => {
        const altered = sample.slice()
        altered[place % altered.length]! ^= 1 << bit
        return isHarmless(altered, sample)
      }),
      { numRuns: 400 },
    )
  })

  it('[SF1] with a byte added or cut anywhere is refused, or is another item', async () => {
    await fc.assert(
      fc.asyncProperty(anyOf(samples), fc.nat(), fc.nat({ max: 255 }), async (sample, place, byte) => {
        const at = place % (sample.length + 1)
        const longer = concat(sample.subarray(0, at), Uint8Array.of(byte), sample.subarray(at))
        const shorter = concat(sample.subarray(0, at), sample.subarray(at + 1))
        return (await isHarmless(longer, sample)) && (at === sample.length || (await isHarmless(shorter, sample)))
      }),
      { numRuns: 300 },
    )
  })

  it('[SF2] cut short at every length is refused', async () => {
    for (const sample of [samples[0]!, samples[3]!, samples[4]!])
      for (let length = 0; length < sample.length; length += 1)
        expect(await readItem(sample.subarray(0, length))).toBeUndefined()
  })

  it('[SF1] [SF2] altered with intent is refused without an error, or is canonical', async () => {
    let refused = 0
    for (const bytes of hostileBytes(samples, 'items', 600)) {
      const item = await readItem(bytes)
      if (item === undefined) refused += 1
      else expect(writeItem(item)).toEqual(bytes)
      readProofItem(bytes)
      isNewerItem(bytes)
    }
    expect(refused).toBeGreaterThan(400)
  })

  it('[SF2] of any bytes is refused without an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        for (const kind of [1, 2, 3, 4]) {
          expect(await readItem(bytes)).toBeUndefined()
          expect(await readItem(concat(Uint8Array.of(kind), bytes))).toBeUndefined()
        }
      }),
    )
  })

  it('[SF2] whose header claims 4 GiB, or more deps and changes than allowed, is refused', async () => {
    const huge = samples[0]!.slice()
    huge.set([255, 255, 255, 255], 1)
    expect(await readItem(huge)).toBeUndefined()
    for (const offset of [285, 287]) {
      const header = (await envelopeOf(fixed.unsealedHeader())).headerBytes.slice()
      header.set([255, 255], offset)
      expect(() => decodeEnvelopeHeader(header)).toThrow()
    }
  })

  it('[SF3] with another body, or with boxes that the header does not name, is refused', async () => {
    const envelope = await envelopeOf(fixed.unsealedHeader())
    const body = envelope.body!.slice()
    body[5]! ^= 1
    expect(await readItem(writeItem({ ...envelope, body }))).toBeUndefined()
    await expect(signEnvelope(signer, envelope.header, body)).rejects.toThrow('another body')
    const [first] = await membershipsOf()
    expect(first!.boxes).toHaveLength(1)
    expect(await readItem(writeItem({ ...first!, boxes: [] }))).toBeUndefined()
    const swapped = { ...fixed.box, sealed: counting(113, 1) }
    expect(await readItem(writeItem({ ...first!, boxes: [swapped] }))).toBeUndefined()
  })

  it('[SF3] has the id of its label and header: the same header of another kind has another id', async () => {
    const { id, headerBytes } = await envelopeOf(fixed.unsealedHeader())
    const { hashOf, labels } = await import('../sync-hash.ts')
    const { syncIdOfBytes } = await import('../sync-ids.ts')
    expect(id).toBe(syncIdOfBytes(hashOf(labels.envelope, headerBytes)))
    expect(id).not.toBe(syncIdOfBytes(hashOf(labels.snapshot, headerBytes)))
  })

  it('[SF1] of an envelope keeps its id when its body is taken out of the bytes', async () => {
    const [envelope, dropped] = samples
    expect(withoutBody(envelope!)).toEqual(dropped)
    expect(withoutBody(dropped!)).toEqual(dropped)
    expect((await readItem(withoutBody(envelope!)))?.id).toBe(items[0]!.id)
    expect(documentOfEnvelope(dropped!)).toEqual({ document: fixed.document, id: items[0]!.id })
    for (const sample of samples.slice(3)) expect(documentOfEnvelope(sample)).toBeUndefined()
  })

  it('[SF2] of a newer version is told from a malformed one', async () => {
    for (const sample of samples) expect(isNewerItem(sample)).toBe(false)
    const [envelope] = samples
    const newer = envelope!.slice()
    newer[5] = 2
    const unknown = envelope!.slice()
    unknown[0] = 5
    const json = utf8('{"more":[],"version":2}')
    const membership = concat(uint(2, 1), uint(json.length, 4), json, counting(66))
    for (const bytes of [newer, unknown, membership]) {
      expect(await readItem(bytes)).toBeUndefined()
      expect(isNewerItem(bytes)).toBe(true)
    }
    for (const bytes of [counting(0), envelope!.slice(0, 40), counting(9, 2)]) expect(isNewerItem(bytes)).toBe(false)
  })

  it('[SF1] is compared by its bytes: with and without its body it is not the same', () => {
    expect(isSameItem(items[0]!, items[0]!)).toBe(true)
    expect(isSameItem(items[0]!, items[1]!)).toBe(false)
  })

  it('[SF1] [SF3] in an account proof has no boxes and the same id', async () => {
    for (const item of await membershipsOf()) {
      expect({ ...readProofItem(writeProofItem(item)), boxes: item.boxes }).toEqual(item)
      expect(readProofItem(concat(writeProofItem(item), Uint8Array.of(0)))).toBeUndefined()
    }
    expect(readProofItem(samples[0]!)).toBeUndefined()
  })
})

describe('the header of an envelope', () => {
  it('[SF1] is read as it was written, whatever its numbers, deps and changes', async () => {
    const sealed = (await envelopeOf(fixed.unsealedHeader())).header
    const headers = fc.record({
      schemaVersion: fc.nat({ max: 65_535 }),
      number: fc.integer({ min: 2, max: 2 ** 32 - 1 }),
      bodyBytes: fc.integer({ min: 17, max: maxBodyBytes }),
      salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((salt) => new Uint8Array(salt)),
      seen: fc.record({ seq: fc.nat({ max: 2 ** 48 - 1 }), chain: fc.constant(fixed.chain) }),
    })
    const counts = fc.record({ deps: fc.nat({ max: maxDeps }), changes: fc.integer({ min: 1, max: 40 }) })
    fc.assert(
      fc.property(headers, counts, (fields, counted) => {
        const header = { ...sealed, ...fixed.unsealedHeader(counted), ...fields }
        expect(decodeEnvelopeHeader(encodeEnvelopeHeader(header))).toEqual(header)
      }),
    )
  })

  it('[SF2] beyond a limit is neither written nor read', async () => {
    const { header } = await envelopeOf(fixed.unsealedHeader())
    const beyond = [
      { number: 0 },
      { number: 2, prev: undefined },
      { changeHashes: [] },
      { changeHashes: fixed.unsealedHeader({ deps: 0, changes: maxChangesPerEnvelope + 1 }).changeHashes },
      { deps: fixed.unsealedHeader({ deps: maxDeps + 1, changes: 1 }).deps },
      { deps: header.deps.toReversed() },
      { deps: [header.deps[0]!, header.deps[0]!] },
      { salt: counting(15) },
      { bodyBytes: maxBodyBytes + 1 },
      { bodyBytes: 16 },
      { bodyHash: 'ab' },
      { changeHashes: ['abcd'] },
      { schemaVersion: 65_536 },
    ]
    for (const fields of beyond)
      expect(() => encodeEnvelopeHeader({ ...header, ...fields }), JSON.stringify(fields)).toThrow()
  })
})

describe('the header of a membership item', () => {
  const operation = fixed.operations[5]!

  it('[SF1] with its keys in another order, or with whitespace, is refused', async () => {
    const { header, headerBytes } = await signMembership(signer, fixed.membershipHeader(operation))
    expect(decodeMembershipHeader(headerBytes)).toEqual(header)
    const shuffled = JSON.stringify(Object.fromEntries(Object.entries(header).toReversed()))
    for (const text of [shuffled, JSON.stringify(header, undefined, 1), `${JSON.stringify(header)} `])
      expect(() => decodeMembershipHeader(utf8(text))).toThrow()
  })

  it('[SF2] with an unknown member, operation or version, or with a lone surrogate, is refused', async () => {
    const { header } = await signMembership(signer, fixed.membershipHeader(operation))
    const withDevice = { kind: 'device-added', device: { ...fixed.memberDevice, name: '\ud800' }, joinBox: true }
    const altered = [
      { ...header, more: 1 },
      { ...header, version: 2 },
      { ...header, operation: { ...operation, more: 1 } },
      { ...header, operation: { kind: 'unknown' } },
      { ...header, operation: withDevice },
      { ...header, collection: fixed.collection.slice(0, -1) + 'b' },
    ]
    for (const each of altered) expect(() => decodeMembershipHeader(writeCanonicalJson(each))).toThrow('a header of')
  })

  it('[SF2] with deep or very many members is refused before it is parsed, whatever its strings contain', async () => {
    const numbers = `[${'1,'.repeat(5_000)}1]`
    for (const text of ['['.repeat(100_000), '['.repeat(50_000) + ']'.repeat(50_000), '{"a":'.repeat(9), numbers])
      expect(() => decodeMembershipHeader(utf8(text))).toThrow('a smaller structure')
    expect(() => decodeMembershipHeader(utf8('[[[[[[[['))).toThrow('JSON in UTF-8')
    const device = { ...fixed.memberDevice, name: `[{,"\\`.repeat(14) }
    const added = fixed.membershipHeader({ kind: 'device-added', device, joinBox: true })
    const { header, headerBytes } = await signMembership(signer, added)
    expect(decodeMembershipHeader(headerBytes)).toEqual(header)
  })

  it('[SF1] of the largest account proof and epoch is within the structure that is parsed', async () => {
    const recipients = Array.from({ length: maxBoxes }, () => fixed.box.recipient)
    const account = { account: fixed.account, items: Array.from({ length: maxProofItems }, () => 'AAAA') }
    const operation = { ...fixed.operations.find(({ kind }) => kind === 'created')!, account }
    if (operation.kind !== 'created') throw new Error('another fixture')
    const largest = fixed.membershipHeader({
      ...operation,
      epoch: { ...operation.epoch, recipients },
    } as typeof operation)
    const { header, headerBytes } = await signMembership(signer, largest)
    expect(decodeMembershipHeader(headerBytes)).toEqual(header)
  })

  it('[SF4] [SF6] with a key that is no point of P-256, or a weak signing key, is refused', async () => {
    const { header } = await signMembership(signer, fixed.membershipHeader(operation))
    if (operation.kind !== 'invited') throw new Error('another fixture')
    const offCurve = { ...operation.invitation, y: operation.invitation.x }
    const weak = { ...operation.proofKey, x: `AQ${'A'.repeat(41)}` }
    for (const each of [
      { ...operation, invitation: offCurve },
      { ...operation, proofKey: weak },
    ])
      expect(() => decodeMembershipHeader(writeCanonicalJson({ ...header, operation: each }))).toThrow('a header of')
  })

  it('[SF2] has at most 514 boxes', () => {
    expect(encodeBoxes(Array.from({ length: maxBoxes }, () => fixed.box)).length).toBe(2 + maxBoxes * (33 + 2 + 113))
    expect(() => encodeBoxes(Array.from({ length: maxBoxes + 1 }, () => fixed.box))).toThrow('fewer boxes')
  })
})

describe('the header of a snapshot', () => {
  it('[SF1] [SF2] is read as it was written, and refused beyond its limits', async () => {
    const { item } = await snapshotOf(counting(3000))
    expect(decodeSnapshotHeader(item.headerBytes)).toEqual(item.header)
    for (const fields of [
      { parts: [] },
      { parts: Array.from({ length: 257 }, () => item.header.parts[0]!) },
      { parts: [{ ...item.header.parts[0]!, bytes: maxBodyBytes + 1 }] },
      { voids: item.header.voids.toReversed() },
      { place: { ...item.header.place, seq: 0 } },
    ])
      expect(() => encodeSnapshotHeader({ ...item.header, ...fields }), JSON.stringify(fields)).toThrow()
  })
})
