import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes.ts'
import { counting } from '../../vectors.testkit.ts'
import { maxBodyBytes, maxSnapshotParts } from '../sync-limits.ts'
import * as fixed from '../sync-fixtures.testkit.ts'
import { packChanges, maxPlaintextBytes, unpackChanges } from '../codec/changes-codec.ts'
import { epochKeys, keyedChangeHashes, openSecret, sealSecret } from './epoch-keys.ts'
import { openBody, openSnapshotPart, sealBody, sealSnapshot } from './sealed-body.ts'

const { subtle } = globalThis.crypto
const keys = await epochKeys({ subtle }, fixed.epochKey, fixed)
const header = fixed.unsealedHeader()

describe('a body', () => {
  it('[SF5] opens with the keys of its epoch, and not with those of another key', async () => {
    const sealed = await sealBody({ subtle }, keys, { header, plaintext: counting(1000) })
    expect(sealed.header.bodyBytes).toBe(1016)
    expect(await openBody({ subtle }, keys, sealed)).toEqual(counting(1000))
    const others = await epochKeys({ subtle }, counting(32, 1), fixed)
    expect(await openBody({ subtle }, others, sealed)).toBeUndefined()
  })

  it('[SF5] does not open under any other header, except for the size and hash of the ciphertext', async () => {
    const sealed = await sealBody({ subtle }, keys, { header, plaintext: counting(1000) })
    const altered = [
      { schemaVersion: 8 },
      { document: fixed.chain as string as typeof fixed.document },
      { account: fixed.chain as string as typeof fixed.account },
      { device: fixed.chain as string as typeof fixed.device },
      { feed: fixed.chain as string as typeof fixed.feed },
      { number: 13 },
      { prev: fixed.itemIds[1] },
      { seen: { ...header.seen, seq: 1 } },
      { seen: { ...header.seen, chain: fixed.epoch as string as typeof fixed.chain } },
      { deps: header.deps.slice(1) },
      { changeHashes: header.changeHashes.slice(1) },
      { salt: counting(16, 17) },
    ]
    for (const fields of altered) {
      const other = { header: { ...sealed.header, ...fields }, body: sealed.body }
      expect(await openBody({ subtle }, keys, other), JSON.stringify(fields)).toBeUndefined()
    }
    const same = { header: { ...sealed.header, bodyHash: '00'.repeat(32) }, body: sealed.body }
    expect(await openBody({ subtle }, keys, same)).toEqual(counting(1000))
  })

  it('[SF5] of another epoch or collection is a fault of the caller', async () => {
    const other = { ...header, epoch: fixed.itemIds[2] as string as typeof fixed.epoch }
    await expect(sealBody({ subtle }, keys, { header: other, plaintext: counting(5) })).rejects.toThrow('another epoch')
  })

  it('[SF5] altered in any bit does not open', async () => {
    const sealed = await sealBody({ subtle }, keys, { header, plaintext: counting(100) })
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.body.length - 1 }), fc.nat({ max: 7 }), async (place, bit) => {
        const body = sealed.body.slice()
        body[place]! ^= 1 << bit
        expect(await openBody({ subtle }, keys, { header: sealed.header, body })).toBeUndefined()
      }),
    )
  })

  it('[SF2] holds 256 KiB with its tag and not more', async () => {
    const full = await sealBody({ subtle }, keys, { header, plaintext: counting(maxPlaintextBytes) })
    expect(full.body).toHaveLength(maxBodyBytes)
    for (const size of [0, maxPlaintextBytes + 1])
      await expect(sealBody({ subtle }, keys, { header, plaintext: counting(size) })).rejects.toThrow(RangeError)
  })
})

describe('a snapshot', () => {
  it('[SF5] opens part by part, each at its place, in parts of 256 KiB', async () => {
    const plaintext = counting(2 * maxPlaintextBytes + 10)
    const sealed = await sealSnapshot({ subtle }, keys, { header: fixed.unsealedSnapshot, plaintext })
    expect(sealed.parts.map(({ length }) => length)).toEqual([maxBodyBytes, maxBodyBytes, 26])
    const open = (part: number, of = part, over = sealed.header) =>
      openSnapshotPart({ subtle }, keys, { header: over, part, bytes: sealed.parts[of]! })
    for (const part of [0, 1, 2])
      expect(await open(part)).toEqual(plaintext.subarray(part * maxPlaintextBytes, (part + 1) * maxPlaintextBytes))
    expect(await open(0, 1)).toBeUndefined()
    expect(await open(0, 0, { ...sealed.header, parts: sealed.header.parts.slice(0, 2) })).toBeUndefined()
    expect(await open(0, 0, { ...sealed.header, place: { ...sealed.header.place, seq: 78 } })).toBeUndefined()
  })

  it('[SF2] has 1 to 256 parts', async () => {
    for (const size of [0, maxSnapshotParts * maxPlaintextBytes + 1]) {
      const plaintext = new Uint8Array(size)
      await expect(sealSnapshot({ subtle }, keys, { header: fixed.unsealedSnapshot, plaintext })).rejects.toThrow(
        RangeError,
      )
    }
  })
})

describe('a secret under an epoch', () => {
  const terms = { epochKey: fixed.epochKey, collection: fixed.collection, purpose: 'previous-key' } as const

  it('[SF5] opens with the same key, collection and purpose alone', async () => {
    const sealed = await sealSecret({ subtle, random: fixed.createRandom('a') }, terms, counting(32, 9))
    expect(sealed).toHaveLength(64)
    expect(await openSecret({ subtle }, terms, sealed)).toEqual(counting(32, 9))
    const others = [
      { ...terms, purpose: 'agreement-key' as const },
      { ...terms, epochKey: counting(32) },
      { ...terms, collection: fixed.chain as string as typeof fixed.collection },
    ]
    for (const each of others) expect(await openSecret({ subtle }, each, sealed)).toBeUndefined()
    for (const length of [0, 16, 63])
      expect(await openSecret({ subtle }, terms, sealed.subarray(0, length))).toBeUndefined()
  })

  it('[SF7] takes its salt from the given random', async () => {
    const seal = (seed: string) => sealSecret({ subtle, random: fixed.createRandom(seed) }, terms, counting(32))
    expect(await seal('a')).toEqual(await seal('a'))
    expect(await seal('a')).not.toEqual(await seal('b'))
  })
})

describe('keyed change hashes', () => {
  it('[SF5] differ by epoch, so the relay cannot guess contents', async () => {
    const hashes = [toHex(counting(32)), toHex(counting(32, 1))]
    const here = await keyedChangeHashes({ subtle }, keys, hashes)
    const there = await keyedChangeHashes({ subtle }, await epochKeys({ subtle }, counting(32), fixed), hashes)
    expect(here.map(({ length }) => length)).toEqual([32, 32])
    expect(new Set([...here, ...there]).size).toBe(4)
  })
})

describe('packed changes', () => {
  it('[SF1] are unpacked as they were, and a byte more or less is refused', () => {
    const changes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(changes, (list) => {
        const packed = packChanges(list)
        expect(unpackChanges(packed)).toEqual(list.map((change) => new Uint8Array(change)))
        expect(unpackChanges(packed.subarray(0, -1))).toBeUndefined()
        expect(unpackChanges(Uint8Array.of(...packed, 0))).toBeUndefined()
      }),
    )
  })

  it('[SF2] of any bytes are refused without an error, and what is accepted is canonical', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const changes = unpackChanges(bytes)
        if (changes !== undefined) expect(packChanges(changes)).toEqual(new Uint8Array(bytes))
      }),
    )
    expect(unpackChanges(Uint8Array.of(0, 0))).toBeUndefined()
    expect(unpackChanges(Uint8Array.of(0, 1, 0, 0, 0, 0))).toBeUndefined()
    expect(unpackChanges(new Uint8Array(maxPlaintextBytes + 1))).toBeUndefined()
    expect(() => packChanges([])).toThrow('1 to 1,024')
    expect(() => packChanges([new Uint8Array(maxPlaintextBytes)])).toThrow('fewer bytes')
  })
})
