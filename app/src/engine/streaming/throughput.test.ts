import { describe, expect, test } from 'vitest'
import { createThroughput } from './throughput.ts'

const transfer = (bps: number, sizeBytes = 50_000) => ({ sizeBytes, durationMs: (sizeBytes * 8 * 1000) / bps })

describe('throughput', () => {
  test('[ST11] nothing is known before a transfer, and small transfers do not count', () => {
    const throughput = createThroughput()
    expect(throughput.bitsPerSecond()).toBeUndefined()
    throughput.add({ sizeBytes: 100, durationMs: 50 })
    expect(throughput.bitsPerSecond()).toBeUndefined()
  })
  test('[ST11] the first transfer counts fully, not averaged with zero', () => {
    const throughput = createThroughput()
    throughput.add(transfer(1_000_000))
    expect(throughput.bitsPerSecond()).toBeCloseTo(1_000_000, -2)
  })
  test('[ST11] one slow transfer lowers the estimate, one fast transfer hardly raises it', () => {
    const throughput = createThroughput()
    for (let index = 0; index < 20; index += 1) throughput.add(transfer(1_000_000))
    throughput.add(transfer(10_000_000))
    expect(throughput.bitsPerSecond()).toBeLessThan(1_500_000)
    throughput.add(transfer(150_000, 100_000))
    expect(throughput.bitsPerSecond()).toBeLessThan(400_000)
  })
  test('[ST11] a response from an HTTP cache is not infinitely fast', () => {
    const throughput = createThroughput()
    throughput.add({ sizeBytes: 50_000, durationMs: 0 })
    expect(Number.isFinite(throughput.bitsPerSecond())).toBe(true)
  })
})
