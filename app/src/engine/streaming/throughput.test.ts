import { describe, expect, test } from 'vitest'
import { createThroughput } from './throughput.ts'

const transfer = (bps: number, sizeBytes = 50_000) => ({ sizeBytes, durationMs: (sizeBytes * 8 * 1000) / bps })

describe('throughput', () => {
  test('nothing is known before a transfer, and small ones say nothing', () => {
    const throughput = createThroughput()
    expect(throughput.bitsPerSecond()).toBeUndefined()
    throughput.add({ sizeBytes: 100, durationMs: 50 })
    expect(throughput.bitsPerSecond()).toBeUndefined()
  })
  test('one transfer is believed whole, not pulled towards zero', () => {
    const throughput = createThroughput()
    throughput.add(transfer(1_000_000))
    expect(throughput.bitsPerSecond()).toBeCloseTo(1_000_000, -2)
  })
  test('a drop is seen within one slow transfer, a peak is not believed at once', () => {
    const throughput = createThroughput()
    for (let index = 0; index < 20; index += 1) throughput.add(transfer(1_000_000))
    throughput.add(transfer(10_000_000))
    expect(throughput.bitsPerSecond()).toBeLessThan(1_500_000)
    throughput.add(transfer(150_000, 100_000))
    expect(throughput.bitsPerSecond()).toBeLessThan(400_000)
  })
  test('an answer out of a cache is not infinite', () => {
    const throughput = createThroughput()
    throughput.add({ sizeBytes: 50_000, durationMs: 0 })
    expect(Number.isFinite(throughput.bitsPerSecond())).toBe(true)
  })
})
