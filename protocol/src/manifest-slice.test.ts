import { describe, expect, it } from 'vitest'
import { readTailSlice } from './manifest-slice.ts'
import { encodeManifestTail } from './manifest.ts'
import { aacHead, aacTail, flacHead, flacTail } from './vectors.testkit.ts'

describe('a slice of a manifest tail', () => {
  it.each([
    ['aac', aacHead, aacTail],
    ['flac', flacHead, flacTail],
  ] as const)('is the same part of the whole tail: %s', (_, head, tail) => {
    const bytes = encodeManifestTail(tail)
    for (const [rendition, chunks] of tail.renditions.entries())
      for (let from = 0; from < chunks.length; from += 1)
        expect(readTailSlice(bytes, head, { rendition, from, to: chunks.length })).toEqual(chunks.slice(from))
  })

  it('is refused outside of the tail, and of another head', () => {
    const bytes = encodeManifestTail(aacTail)
    expect(() => readTailSlice(bytes, aacHead, { rendition: 99, from: 0, to: 1 })).toThrow(RangeError)
    expect(() => readTailSlice(bytes, aacHead, { rendition: 0, from: 0, to: aacHead.segmentCount + 1 })).toThrow(
      RangeError,
    )
    const other = { ...aacHead, segmentCount: aacHead.segmentCount + 1 }
    expect(() => readTailSlice(bytes, other, { rendition: 0, from: 0, to: 1 })).toThrow(TypeError)
    expect(() => readTailSlice(bytes.subarray(0, 20), aacHead, { rendition: 0, from: 0, to: 1 })).toThrow(TypeError)
  })
})
