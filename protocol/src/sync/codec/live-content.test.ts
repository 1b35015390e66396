import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxLiveMessageBytes } from '../sync-limits.ts'
import { readLiveContent, writeLiveContent } from './live-content.ts'

const whole = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array))

describe('the content of an ephemeral message', () => {
  it('[SF1] is read as it was written', () => {
    fc.assert(
      fc.property(whole, whole, fc.uint8Array({ minLength: 1, maxLength: 300 }), (run, number, message) => {
        const content = { run, number, message: new Uint8Array(message) }
        expect(readLiveContent(writeLiveContent(content))).toEqual(content)
      }),
    )
  })

  it('[SF1] [SF2] is refused, or written again byte for byte', () => {
    fc.assert(
      fc.property(bytes, (any) => {
        const content = readLiveContent(any)
        if (content !== undefined) expect(writeLiveContent(content)).toEqual(any)
      }),
    )
    expect(readLiveContent(new Uint8Array(13))).toBeUndefined()
    expect(() => writeLiveContent({ run: 1, number: 1, message: new Uint8Array(0) })).toThrow('limits')
    const message = new Uint8Array(maxLiveMessageBytes + 1)
    expect(() => writeLiveContent({ run: 1, number: 1, message })).toThrow('limits')
  })
})
