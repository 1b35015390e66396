import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase32, fromBase64Url, fromHex, readUint, toBase32, toBase64Url, toHex, uint } from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => new Uint8Array(array))

describe('conversions of bytes', () => {
  it('to hexadecimal, base64url and base32 are reversible', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromHex(toHex(value))).toEqual(value)
        expect(fromBase64Url(toBase64Url(value))).toEqual(value)
        expect(fromBase32(toBase32(value))).toEqual(value)
        expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'))
      }),
    )
  })

  it('from base32 accept only the text that toBase32 writes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567=A1'), maxLength: 60 }),
        (text) => {
          const decoded = (() => {
            try {
              return fromBase32(text)
            } catch {
              return undefined
            }
          })()
          if (decoded !== undefined) expect(toBase32(decoded)).toBe(text)
        },
      ),
    )
  })

  it('of integers accept what fits in the size, and nothing else', () => {
    for (const size of [1, 2, 3, 4, 6, 8] as const) {
      const most = Math.min(2 ** (8 * size) - 1, Number.MAX_SAFE_INTEGER)
      fc.assert(
        fc.property(fc.integer({ min: 0, max: most }), (value) => {
          expect(readUint(uint(value, size), 0, size)).toBe(value)
        }),
      )
      expect(() => uint(-1, size)).toThrow(RangeError)
      expect(() => uint(0.5, size)).toThrow(RangeError)
      expect(() => uint(2 ** (8 * size), size)).toThrow(RangeError)
      expect(() => readUint(new Uint8Array(size - 1), 0, size)).toThrow(RangeError)
    }
    expect(() => readUint(new Uint8Array(8).fill(255), 0, 8)).toThrow(RangeError)
  })

  it('concat joins parts in order', () => {
    fc.assert(
      fc.property(fc.array(bytes), (parts) => {
        expect(Buffer.from(concat(...parts))).toEqual(Buffer.concat(parts))
      }),
    )
  })

  it('refuse characters outside the alphabet', () => {
    for (const text of ['0', 'AB', 'zz', '0x00']) expect(() => fromHex(text)).toThrow(TypeError)
    for (const text of ['a+b', 'a/b', 'a=', 'ä']) expect(() => fromBase64Url(text)).toThrow(TypeError)
  })
})
