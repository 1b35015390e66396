import fc from 'fast-check'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import { sealSegment } from '@tonestead/protocol/chunk'
import { renditionNames } from '@tonestead/protocol/rendition'
import { expect, it } from 'vitest'
import { sealSegmentSync } from './seal-segment.ts'

const { subtle } = crypto
const bytesOf = (length: { minLength?: number; maxLength: number }) =>
  fc.uint8Array(length).map((bytes) => new Uint8Array(bytes))
const addresses = fc.record({
  recordingId: bytesOf({ minLength: 16, maxLength: 16 }).map((bytes) => parseRecordingId(toBase32(bytes))),
  keyVersion: fc.integer({ min: 1, max: 0xffff }),
  rendition: fc.constantFrom(...renditionNames),
  index: fc.nat(0xffffffff),
})

it('makes exactly the bytes of the protocol’s sealSegment', async () => {
  await fc.assert(
    fc.asyncProperty(
      addresses,
      bytesOf({ minLength: 16, maxLength: 16 }),
      bytesOf({ maxLength: 2000 }),
      async (address, raw, segment) => {
        const key = await subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt'])
        expect(sealSegmentSync(raw, { address, segment })).toEqual(await sealSegment(subtle, key, { address, segment }))
      },
    ),
  )
})
