import fc from 'fast-check'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { describe, expect, it } from 'vitest'
import { toBase32, toHex } from './bytes.ts'
import { chunkIdOf, initializationVector, openChunk, sealSegment } from './chunk.ts'
import { renditionNames } from './rendition.ts'

const { subtle } = globalThis.crypto
const key = await subtle.importKey('raw', new Uint8Array(16).fill(3), 'AES-CBC', false, ['encrypt', 'decrypt'])
const addresses = fc.record({
  recordingId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => parseRecordingId(toBase32(bytes))),
  keyVersion: fc.integer({ min: 1, max: 0xffff }),
  rendition: fc.constantFrom(...renditionNames),
  index: fc.nat(0xffffffff),
})
const segments = fc.uint8Array({ maxLength: 2000 }).map((bytes) => new Uint8Array(bytes))

describe('a chunk', () => {
  it('is decrypted to its segment, and the same segment gives the same chunk', async () => {
    await fc.assert(
      fc.asyncProperty(addresses, segments, async (address, segment) => {
        const chunk = await sealSegment(subtle, key, { address, segment })
        expect(chunk.length).toBe((Math.floor(segment.length / 16) + 1) * 16)
        expect(await openChunk(subtle, key, { address, chunk })).toEqual(segment)
        expect(await chunkIdOf(subtle, await sealSegment(subtle, key, { address, segment }))).toBe(
          await chunkIdOf(subtle, chunk),
        )
      }),
    )
  })

  it('has a different initialization vector at every different address', async () => {
    await fc.assert(
      fc.asyncProperty(addresses, addresses, async (one, other) => {
        const [a, b] = await Promise.all([initializationVector(subtle, one), initializationVector(subtle, other)])
        expect(toHex(a) === toHex(b)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
    )
  })
})
