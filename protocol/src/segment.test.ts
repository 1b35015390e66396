import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxesIn, findBox } from './mp4-boxes.ts'
import { readSegmentFrames, writeSegment } from './segment.ts'

const segments = fc.record({
  index: fc.nat(100_000),
  decodeTime: fc.nat(Number.MAX_SAFE_INTEGER),
  samplesPerFrame: fc.constantFrom(1024, 4096),
  frames: fc.array(
    fc.uint8Array({ maxLength: 300 }).map((frame) => new Uint8Array(frame)),
    { maxLength: 40 },
  ),
})

describe('a segment', () => {
  it('gives back its frames, and the same frames give the same bytes', () => {
    fc.assert(
      fc.property(segments, (segment) => {
        const bytes = writeSegment(segment)
        expect(readSegmentFrames(bytes).map((frame) => [...frame])).toEqual(segment.frames.map((frame) => [...frame]))
        expect(writeSegment(segment)).toEqual(bytes)
      }),
    )
  })

  it('consists of styp, moof and mdat, and trun points to the data', () => {
    fc.assert(
      fc.property(segments, (segment) => {
        const bytes = writeSegment(segment)
        expect([...boxesIn(bytes)].map((box) => box.type)).toEqual(['styp', 'moof', 'mdat'])
        const view = new DataView(bytes.buffer)
        const moof = findBox(bytes, 'moof')
        const trun = findBox(bytes, 'moof', 'traf', 'trun')
        const mdat = findBox(bytes, 'mdat')
        expect((moof?.start ?? 0) - 8 + view.getUint32((trun?.start ?? 0) + 8)).toBe(mdat?.start)
      }),
    )
  })

  it('is never read past its end, even when bytes are changed or missing', () => {
    fc.assert(
      fc.property(segments, fc.nat(2000), fc.nat(255), (segment, place, value) => {
        const bytes = writeSegment(segment)
        bytes[place % bytes.length] = value
        for (const attempt of [bytes, bytes.slice(0, place % bytes.length)]) {
          try {
            for (const frame of readSegmentFrames(attempt))
              expect(frame.byteOffset + frame.length).toBeLessThanOrEqual(attempt.byteOffset + attempt.length)
          } catch (error) {
            expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
          }
        }
      }),
    )
  })
})
