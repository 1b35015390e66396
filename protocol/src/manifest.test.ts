import fc from 'fast-check'
import { parseChunkId, parseRecordingId } from '@tonestead/crdt/ids'
import { describe, expect, it } from 'vitest'
import { toBase32, toHex } from './bytes.ts'
import {
  decodeManifestHead,
  decodeManifestTail,
  encodeManifestHead,
  encodeManifestTail,
  frameCountOf,
  framesInSegment,
  maxSignedHeadBytes,
  openManifestHead,
  segmentCountOf,
  signManifestHead,
  type ManifestHead,
} from './manifest.ts'
import { renditionsOf } from './rendition.ts'
import { aacHead, aacTail, flacHead, flacTail, seeds, signingPairOf } from './vectors.testkit.ts'

const { subtle } = globalThis.crypto
const signer = await signingPairOf(seeds.catalog)

const ref = fc.record({
  id: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => parseChunkId(toHex(bytes))),
  sizeBytes: fc.nat(0xffffffff),
})
/** Two chunks for each rendition of the longest ladder. */
const refCount = 2 * Math.max(renditionsOf('aac').length, renditionsOf('flac').length)
const centi = fc.integer({ min: -12_000, max: 12_000 }).map((value) => value / 100)
const loudness = fc.record({ integratedLufs: centi, rangeLu: centi, truePeakDbtp: centi })
const timing = fc
  .record({
    encoderDelay: fc.nat(0xffff),
    totalSamples: fc.integer({ min: 1, max: 2 ** 40 }),
    samplesPerFrame: fc.integer({ min: 1024, max: 0xffff }),
    framesPerSegment: fc.integer({ min: 100, max: 0xffff }),
  })
  .filter((shape) => segmentCountOf(shape) < 2 ** 32)

/** Any head that an encoder can make. */
const heads: fc.Arbitrary<ManifestHead> = fc
  .record({
    isLossless: fc.boolean(),
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    version: fc.integer({ min: 1, max: 0xffff }),
    timing,
    loudness,
    tail: ref,
    refs: fc.array(ref, { minLength: refCount, maxLength: refCount }),
    streamInfo: fc.uint8Array({ minLength: 34, maxLength: 34 }),
  })
  .map(({ isLossless, id, version, timing: shape, refs, ...rest }) => {
    const segmentCount = segmentCountOf(shape)
    const names = renditionsOf(isLossless ? 'flac' : 'aac')
    return {
      ...shape,
      ladder: isLossless ? ('flac' as const) : ('aac' as const),
      recordingId: parseRecordingId(toBase32(id)),
      keyVersion: version,
      sampleRateHz: isLossless ? 96_000 : 48_000,
      channels: 2,
      bitsPerSample: isLossless ? 24 : 0,
      segmentCount,
      largestFrameBytes: 1500,
      loudness: rest.loudness,
      tail: rest.tail,
      streamInfo: isLossless ? new Uint8Array(rest.streamInfo) : new Uint8Array(0),
      renditions: names.map((name, place) => ({
        name,
        bitrateBps: 64_000 * 2 ** place,
        first: refs.slice(2 * place, 2 * place + Math.min(2, segmentCount)),
      })),
    }
  })

describe('a manifest head', () => {
  it('is decoded to what was encoded, and fits the limit when signed', async () => {
    await fc.assert(
      fc.asyncProperty(heads, async (head) => {
        expect(decodeManifestHead(encodeManifestHead(head))).toEqual(head)
        const signed = await signManifestHead(subtle, signer.privateKey, head)
        expect(signed.length).toBeLessThanOrEqual(maxSignedHeadBytes)
        expect(await openManifestHead(subtle, signer.verifyingKey, signed)).toEqual(head)
      }),
    )
  })

  it('is refused when any byte or its length was changed, or another key signed it', async () => {
    const signed = await signManifestHead(subtle, signer.privateKey, aacHead)
    await fc.assert(
      fc.asyncProperty(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const altered = signed.map((byte, index) => (index === place ? byte ^ mask : byte))
        expect(await openManifestHead(subtle, signer.verifyingKey, altered)).toBeUndefined()
      }),
    )
    for (const length of [0, 1, 64, signed.length - 1])
      expect(await openManifestHead(subtle, signer.verifyingKey, signed.slice(0, length))).toBeUndefined()
    expect(await openManifestHead(subtle, signer.verifyingKey, new Uint8Array([...signed, 0]))).toBeUndefined()
    expect(await openManifestHead(subtle, (await signingPairOf(seeds.root)).verifyingKey, signed)).toBeUndefined()
  })

  it('throws only a TypeError or RangeError when it is decoded from arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        for (const attempt of [bytes, new Uint8Array([0x54, 0x53, 0x4d, 0x31, ...bytes])]) {
          try {
            decodeManifestHead(attempt)
          } catch (error) {
            expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
          }
        }
      }),
    )
  })

  it('has segments whose frames add up to all frames', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.nat(4096), (totalSamples, encoderDelay) => {
        const head = {
          ...aacHead,
          totalSamples,
          encoderDelay,
          segmentCount: segmentCountOf({ ...aacHead, totalSamples, encoderDelay }),
        }
        const frames = Array.from({ length: head.segmentCount }, (_, index) => framesInSegment(head, index))
        expect(frames.reduce((sum, count) => sum + count, 0)).toBe(frameCountOf(head))
        expect(frames.every((count) => count > 0 && count <= head.framesPerSegment)).toBe(true)
      }),
    )
  })
})

describe('a manifest tail', () => {
  it('is decoded to what was encoded, for any frame sizes', () => {
    expect(decodeManifestTail(encodeManifestTail(aacTail), aacHead)).toEqual(aacTail)
    fc.assert(
      fc.property(fc.tuple(fc.nat(0x7fffffff), fc.nat(0x7fffffff)), (sizes) => {
        const tail = { ...flacTail, frameSizes: sizes }
        expect(decodeManifestTail(encodeManifestTail(tail), flacHead)).toEqual(tail)
      }),
    )
  })

  it('is refused when it is shorter, longer, or belongs to another head', () => {
    const bytes = encodeManifestTail(aacTail)
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decodeManifestTail(bytes.slice(0, length), aacHead)).toThrow()
    expect(() => decodeManifestTail(new Uint8Array([...bytes, 0]), aacHead)).toThrow(TypeError)
    expect(() => decodeManifestTail(bytes, flacHead)).toThrow(TypeError)
    expect(() => decodeManifestTail(encodeManifestTail(flacTail), aacHead)).toThrow(TypeError)
  })
})
