import { expect, test } from 'vitest'
import { parseDurationMs, parseUnixMs } from './instant.ts'

test('[T1] an instant is an integer that a Date can hold', () => {
  for (const right of [0, -1, 8.64e15, -8.64e15]) expect(parseUnixMs(right)).toBe(right)
  for (const wrong of [0.5, 8.64e15 + 1000, Number.NaN, Infinity]) expect(() => parseUnixMs(wrong)).toThrow(RangeError)
})
test('[T2] a duration is finite and not negative', () => {
  for (const right of [0, 0.5, 1e12]) expect(parseDurationMs(right)).toBe(right)
  for (const wrong of [-0.001, Number.NaN, Infinity]) expect(() => parseDurationMs(wrong)).toThrow(RangeError)
})
