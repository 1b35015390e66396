import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByteRange, type ByteRange } from './byte-range.ts'

describe('a Range header over 100 bytes', () => {
  const whole = { kind: 'whole' } as const
  const unsatisfiable = { kind: 'unsatisfiable' } as const
  const part = (start: number, end: number): ByteRange => ({ kind: 'part', start, end })
  const cases: readonly [string | undefined, ByteRange][] = [
    [undefined, whole],
    ['', whole],
    ['bytes', whole],
    ['bytes=', whole],
    ['bytes=-', whole],
    ['bytes=0-1', part(0, 1)],
    ['Bytes=0-1', part(0, 1)],
    ['bytes=0-', part(0, 99)],
    ['bytes=99-', part(99, 99)],
    ['bytes=10-5000', part(10, 99)],
    ['bytes=-1', part(99, 99)],
    ['bytes=-1000', part(0, 99)],
    [`bytes=0-${'9'.repeat(400)}`, part(0, 99)],
    ['bytes=-0', unsatisfiable],
    ['bytes=100-', unsatisfiable],
    ['bytes=100-120', unsatisfiable],
    [`bytes=${'9'.repeat(400)}-`, unsatisfiable],
    ['bytes=5-2', whole],
    ['bytes=200-150', whole],
    ['bytes=0-1,4-5', whole],
    ['bytes = 1-2', whole],
    ['bytes=0x1-2', whole],
    ['bytes=-1-2', whole],
    ['items=0-1', whole],
    ['bytes=a-b', whole],
  ]
  it.each(cases)('"%s" is read as the RFC says', (header, expected) =>
    expect(parseByteRange(header, 100)).toEqual(expected),
  )
})

it('no range of an empty file can be satisfied', () => {
  for (const header of ['bytes=0-0', 'bytes=0-', 'bytes=-5'])
    expect(parseByteRange(header, 0)).toEqual({ kind: 'unsatisfiable' })
})

it('a part always lies inside the file', () => {
  const numbers = fc.oneof(fc.nat(300).map(String), fc.constant(''), fc.constant('99999999999999999999'))
  const ranges = fc.tuple(numbers, numbers).map(([from, to]) => `bytes=${from}-${to}`)
  const headers = fc.oneof(
    ranges,
    fc.string(),
    fc.string().map((text) => `bytes=${text}`),
  )
  fc.assert(
    fc.property(headers, fc.oneof(fc.nat(200), fc.nat(1e6)), (header, length) => {
      const range = parseByteRange(header, length)
      if (range.kind !== 'part') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(length)
    }),
  )
})
