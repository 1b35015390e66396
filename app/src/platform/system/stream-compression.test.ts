import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { streamCompression } from './stream-compression.ts'

const { deflate, inflate } = streamCompression

test('bytes that were compressed are the same again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      const copy = new Uint8Array(bytes)
      expect(await inflate(await deflate(copy), copy.length)).toEqual(copy)
    }),
    { numRuns: 50 },
  )
})

test('bytes that would become more than was allowed are refused, whatever they would become', async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)))
  expect(bomb.length).toBeLessThan(100_000)
  expect(await inflate(bomb, 1_000_000)).toBeUndefined()
  expect(await inflate(await deflate(new Uint8Array(100)), 99)).toBeUndefined()
})

test('bytes that nobody compressed, or that were cut, are refused', async () => {
  const whole = await deflate(new Uint8Array(1000).fill(7))
  expect(await inflate(whole.slice(0, -2), 2000)).toBeUndefined()
  expect(await inflate(new Uint8Array([255, 255, 255]), 2000)).toBeUndefined()
  expect(await inflate(new Uint8Array([...whole, 1, 2]), 2000)).toBeUndefined()
})
