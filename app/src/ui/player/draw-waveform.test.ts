import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barsOf } from './draw-waveform.ts'

test('there are as many bars as requested, and the loudest peak is in one of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), fc.integer({ min: 1, max: 400 }), (peaks, count) => {
      const bars = barsOf(peaks, count)
      expect(bars).toHaveLength(count)
      if (count <= peaks.length) expect(Math.max(...bars)).toBeCloseTo(Math.max(0.04, Math.max(...peaks) / 255))
    }),
  )
})

test('without peaks all bars are equal', () => {
  expect(new Set(barsOf(undefined, 50)).size).toBe(1)
})
