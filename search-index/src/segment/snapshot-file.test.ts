import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { property } from '../property.testkit.ts'
import { readSnapshot, writeSnapshot, type TypedArray } from './snapshot-file.ts'

const section = fc.oneof<fc.Arbitrary<TypedArray>[]>(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint16Array({ maxLength: 10 }),
  fc.int32Array({ maxLength: 10 }),
  fc.uint32Array({ maxLength: 10 }),
  fc.float32Array({ maxLength: 10 }),
  fc.float64Array({ maxLength: 10 }),
)
const name = fc.string({ unit: fc.constantFrom('a', 'B', '.', '-', '~', '!'), minLength: 1, maxLength: 24 })
const content = fc.record({
  sequence: fc.maxSafeNat(),
  sections: fc.dictionary(name, section, { maxKeys: 5 }).map((sections) => new Map(Object.entries(sections))),
})

const example = () =>
  writeSnapshot({
    sequence: 258,
    sections: new Map<string, TypedArray>([
      ['words', Uint16Array.of(0x68, 0x69, 0x2605)],
      ['starts', Int32Array.of(0, -2)],
    ]),
  })

describe('a snapshot file', () => {
  it('has the bytes that docs/formats.md describes', () => {
    expect(
      Buffer.from(example())
        .toString('hex')
        .replace(/(.{16})/g, '$1\n'),
    ).toBe(vector)
  })

  it('has the checksum that docs/formats.md describes', () => {
    property(content, (written) => {
      const bytes = writeSnapshot(written)
      expect(resealed(bytes.slice())).toEqual(bytes)
    })
  })

  it('gives back the written sections, as views of the bytes', () => {
    property(content, (written) => {
      const bytes = writeSnapshot(written)
      const read = readSnapshot(bytes)
      expect(read).toEqual({ kind: 'read', ...written })
      if (read.kind === 'read') for (const array of read.sections.values()) expect(array.buffer).toBe(bytes.buffer)
    })
  })

  it('is read from bytes at any offset of a buffer', () => {
    property(fc.tuple(content, fc.nat(9)), ([written, offset]) => {
      const bytes = writeSnapshot(written)
      const within = new Uint8Array(bytes.length + offset + 3).fill(255)
      within.set(bytes, offset)
      expect(readSnapshot(within.subarray(offset, offset + bytes.length))).toEqual({ kind: 'read', ...written })
    })
  })

  it('is refused when any one bit is changed', () => {
    const bytes = example()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(readSnapshot(damaged)).toEqual({
        kind: 'refused',
        reason: bit < 32 ? 'not-a-snapshot' : bit < 64 ? 'version-unknown' : 'damaged',
      })
    }
  })

  it('is refused when it is shorter or longer', () => {
    const bytes = example()
    for (let length = 0; length < bytes.length; length++)
      expect(readSnapshot(bytes.slice(0, length)).kind).toBe('refused')
    for (let more = 1; more <= 64; more++)
      expect(readSnapshot(new Uint8Array([...bytes, ...new Uint8Array(more)])).kind).toBe('refused')
  })

  it('is refused when any part is overwritten, zeroed or exchanged', () => {
    property(
      fc.tuple(content, fc.nat(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 16 })),
      ([written, from, to, noise]) => {
        const bytes = writeSnapshot(written)
        for (const replacement of [
          noise,
          new Uint8Array(noise.length),
          bytes.slice(to % bytes.length, (to % bytes.length) + noise.length),
        ]) {
          const damaged = bytes.slice()
          damaged.set(replacement.subarray(0, bytes.length - (from % bytes.length)), from % bytes.length)
          if (Buffer.compare(damaged, bytes) !== 0) expect(readSnapshot(damaged).kind).toBe('refused')
        }
      },
    )
  })

  it('is refused when it is arbitrary bytes, even with the right beginning', () => {
    property(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 200 })), ([hasHead, noise]) => {
      const bytes = new Uint8Array(noise)
      if (hasHead) bytes.set(example().subarray(0, Math.min(8, bytes.length)))
      expect(readSnapshot(bytes).kind).toBe('refused')
    })
  })

  it('is refused when its table is wrong, although the checksum is right', () => {
    for (const [at, value] of [
      [32, 0],
      [32, 1],
      [32, 3],
      [32, 1e6],
      [36, 1],
      [64, 6],
      [64, 5],
      [68, 2 ** 32 - 1],
      [40, 0x3000],
      [100, 0],
    ] as const) {
      const bytes = example()
      new DataView(bytes.buffer).setUint32(at, value, true)
      expect(readSnapshot(resealed(bytes)), `${value} at ${at}`).toEqual({ kind: 'refused', reason: 'damaged' })
    }
  })

  it('is not written with an invalid name or sequence number', () => {
    expect(() => writeSnapshot({ sequence: -1, sections: new Map() })).toThrow()
    expect(() => writeSnapshot({ sequence: 0.5, sections: new Map() })).toThrow()
    for (const bad of ['', 'with space', 'ö', 'a'.repeat(25)])
      expect(() => writeSnapshot({ sequence: 0, sections: new Map([[bad, new Uint8Array(1)]]) })).toThrow()
  })
})

const vector = `5453584901000000
81a66c29faeac5f8
0000000000207040
0000000000005e40
0200000000000000
776f726473000000
0000000000000000
0000000000000000
0100000003000000
7374617274730000
0000000000000000
0000000000000000
0200000002000000
6800690005260000
00000000feffffff
`

/** A second implementation of the checksum in docs/formats.md. */
function resealed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer)
  const lanes = [0x2545f491n, 0x1b873593n]
  const mask = 0xffffffffn
  const offsets = Array.from({ length: bytes.length / 4 }, (_, index) => index * 4).filter(
    (at) => at !== 8 && at !== 12,
  )
  for (const at of offsets) {
    const lane = at === 4 ? 0 : (at / 4) % 2
    const mixed = ((lanes[lane]! ^ BigInt(view.getUint32(at, true))) * 0xcc9e2d51n) & mask
    lanes[lane] = ((mixed << 15n) | (mixed >> 17n)) & mask
  }
  lanes.forEach((lane, index) => {
    const mixed = ((lane ^ (lane >> 16n)) * 0x85ebca6bn) & mask
    view.setUint32(8 + index * 4, Number(mixed ^ (mixed >> 13n)), true)
  })
  return bytes
}
