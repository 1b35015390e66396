import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slotAtMs, slotStartMs } from './slot-time.ts'

const head = fc.record({
  framesPerSegment: fc.integer({ min: 1, max: 400 }),
  samplesPerFrame: fc.constantFrom(1024, 4096),
  sampleRateHz: fc.constantFrom(44_100, 48_000, 96_000),
  segmentCount: fc.integer({ min: 1, max: 5_000 }),
})

test('[ST10] a position lies between the start of its slot and the start of the next', () => {
  fc.assert(
    fc.property(head, fc.double({ min: 0, max: 1, noNaN: true }), (timing, share) => {
      const positionMs = share * slotStartMs(timing, timing.segmentCount)
      const slot = slotAtMs(timing, positionMs)
      // The arithmetic of doubles may be off by a millionth of a millisecond at the border.
      expect(slotStartMs(timing, slot)).toBeLessThanOrEqual(positionMs + 1e-6)
      expect(slotStartMs(timing, slot + 1)).toBeGreaterThan(positionMs - 1e-6)
    }),
  )
})
test('[ST10] positions outside of the recording belong to the first or the last slot', () => {
  const timing = { framesPerSegment: 150, samplesPerFrame: 1024, sampleRateHz: 48_000, segmentCount: 10 }
  expect(slotAtMs(timing, -5)).toBe(0)
  expect(slotAtMs(timing, 1e9)).toBe(9)
  expect(slotStartMs(timing, 10)).toBe(32_000)
})
