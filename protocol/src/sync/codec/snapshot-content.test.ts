import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concat, type Bytes } from '../../bytes.ts'
import { readSnapshotContent, writeSnapshotContent } from './snapshot-content.ts'

const bytes = (minLength = 1) => fc.uint8Array({ minLength, maxLength: 40 }).map((each): Bytes => new Uint8Array(each))
const content = fc.record({
  name: fc.string({ unit: 'grapheme', maxLength: 40 }),
  envelopes: fc.array(fc.array(bytes(), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
})

it('[SF1] the content of a snapshot is read as it was written', () => {
  fc.assert(
    fc.property(content, (each) => {
      expect(readSnapshotContent(writeSnapshotContent(each))).toEqual(each)
    }),
  )
})

it('[SF1] [SF2] content that is altered, cut or longer is refused, or is other content that is written in the same bytes', () => {
  fc.assert(
    fc.property(content, fc.nat(), fc.nat({ max: 255 }), (each, place, byte) => {
      const written = writeSnapshotContent(each)
      const at = place % written.length
      const altered = written.slice()
      altered[at] = byte
      for (const hostile of [altered, written.subarray(0, at), concat(written, Uint8Array.of(byte))]) {
        const read = readSnapshotContent(hostile)
        if (read !== undefined) expect(writeSnapshotContent(read)).toEqual(hostile)
      }
      expect(readSnapshotContent(written.subarray(0, at))).toBeUndefined()
    }),
  )
})

it('[SF2] content that claims more than is there is refused at once', () => {
  expect(readSnapshotContent(Uint8Array.of(0, 0, 255, 255, 255, 255))).toBeUndefined()
  expect(readSnapshotContent(Uint8Array.of(255, 255, 1))).toBeUndefined()
  expect(() => writeSnapshotContent({ name: 'x'.repeat(257), envelopes: [] })).toThrow('a shorter name')
  expect(() => writeSnapshotContent({ name: 'x', envelopes: [[]] })).toThrow('1 to 1,024 changes')
})
