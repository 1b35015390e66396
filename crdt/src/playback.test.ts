import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDurationMs, parseUnixMs } from './instant.ts'
import { positionAt } from './playback.ts'

const anchors = fc.record({
  positionMs: fc.nat(10_000_000).map(parseDurationMs),
  at: fc.nat(2 ** 31).map(parseUnixMs),
  rate: fc.constantFrom(0 as const, 1 as const),
})

test('[P1] the position stays inside the track, even when the clock goes back or far ahead', () => {
  fc.assert(
    fc.property(anchors, fc.nat(2 ** 31), fc.nat(10_000_000), (anchor, now, durationMs) => {
      const position = positionAt(anchor, parseUnixMs(now), durationMs)
      expect(position).toBeGreaterThanOrEqual(0)
      expect(position).toBeLessThanOrEqual(durationMs)
      if (anchor.rate === 0 || now <= anchor.at) expect(position).toBe(Math.min(durationMs, anchor.positionMs))
    }),
  )
})
test('[P1] the position advances with the clock while playing', () => {
  expect(
    positionAt({ positionMs: parseDurationMs(1000), at: parseUnixMs(5000), rate: 1 }, parseUnixMs(7500), 60_000),
  ).toBe(3500)
})
