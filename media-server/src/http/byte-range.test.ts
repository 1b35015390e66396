import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByteRange } from './byte-range.ts'

describe('a range header', () => {
  it('never selects bytes outside of the file', () => {
    const numbers = fc.oneof(fc.nat(300).map(String), fc.constant(''), fc.constant('99999999999999999999'))
    fc.assert(
      fc.property(numbers, numbers, fc.nat(200), (from, to, size) => {
        const range = parseByteRange(`bytes=${from}-${to}`, size)
        if (typeof range === 'string') return
        expect(range.first).toBeGreaterThanOrEqual(0)
        expect(range.first).toBeLessThanOrEqual(range.last)
        expect(range.last).toBeLessThan(size)
      }),
    )
  })

  it('is ignored when it is no single range of bytes', () => {
    for (const header of [
      undefined,
      '',
      'bytes',
      'bytes=',
      'bytes=-',
      'bytes=1-2,4-5',
      'bytes=2-1',
      'bytes = 1-2',
      'items=1-2',
      'bytes=0x1-2',
      'bytes=-1-2',
    ])
      expect(parseByteRange(header, 10)).toBe('whole')
  })

  it('is unsatisfiable when it lies beyond the end', () => {
    for (const [header, size] of [
      ['bytes=10-', 10],
      ['bytes=10-20', 10],
      ['bytes=-0', 10],
      ['bytes=-5', 0],
      ['bytes=0-0', 0],
    ] as const)
      expect(parseByteRange(header, size)).toBe('unsatisfiable')
  })
})
