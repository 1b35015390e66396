import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseByteRange } from './byte-range.ts'

describe('a Range header over 100 bytes', () => {
  const cases: readonly [string | undefined, unknown][] = [
    [undefined, { kind: 'whole' }],
    ['', { kind: 'whole' }],
    ['bytes=0-1', { kind: 'part', start: 0, end: 1 }],
    ['Bytes=0-1', { kind: 'part', start: 0, end: 1 }],
    ['bytes=0-', { kind: 'part', start: 0, end: 99 }],
    ['bytes=99-', { kind: 'part', start: 99, end: 99 }],
    ['bytes=10-5000', { kind: 'part', start: 10, end: 99 }],
    ['bytes=-1', { kind: 'part', start: 99, end: 99 }],
    ['bytes=-1000', { kind: 'part', start: 0, end: 99 }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    [`bytes=${'9'.repeat(400)}-`, { kind: 'unsatisfiable' }],
    [`bytes=0-${'9'.repeat(400)}`, { kind: 'part', start: 0, end: 99 }],
    ['bytes=5-2', { kind: 'whole' }],
    ['bytes=0-1,4-5', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
  ]
  test.each(cases)('[ST1] %s', (header, expected) => expect(parseByteRange(header, 100)).toEqual(expected))
})

test('[ST1] whatever is requested, a part lies inside of the file', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(1e6), fc.boolean(), (text, length, isPrefixed) => {
      const range = parseByteRange(isPrefixed ? `bytes=${text}` : text, length)
      if (range.kind !== 'part') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(length)
    }),
  )
})
