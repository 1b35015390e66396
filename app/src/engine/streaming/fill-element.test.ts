import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat } from '@tonestead/protocol/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { padFrame } from './fill-element.ts'
import { findFfmpeg, noiseFrames, toneRecording } from './recording.testkit.ts'

const bitsOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')

/** Reads fill elements up to ID_END; returns the bit after it; undefined: the bits are no such sequence. */
const readFill = (bits: string, start: number): number | undefined => {
  for (let at = start; ;) {
    const id = bits.slice(at, at + 3)
    if (id === '111') return at + 3
    if (id !== '110') return undefined
    let count = Number.parseInt(bits.slice(at + 3, at + 7), 2)
    at += 7
    if (count === 15) {
      count += Number.parseInt(bits.slice(at, at + 8), 2) - 1
      at += 8
    }
    if (/1/.test(bits.slice(at, at + count * 8))) return undefined
    at += count * 8
  }
}

test('[ST9] a frame of any size fills a place of any size with fill elements and one end', () => {
  fc.assert(
    fc.property(
      fc.record({
        frameBytes: fc.integer({ min: 2, max: 1600 }),
        extra: fc.nat(1600),
        seed: fc.nat(2 ** 31),
        offset: fc.nat(40),
      }),
      ({ frameBytes, extra, seed, offset }) => {
        const frame = noiseFrames(1, frameBytes, seed)[0]!
        const bytes = new Uint8Array(offset + frame.length + extra)
        bytes.set(frame, offset)
        padFrame(bytes, { offset, frameBytes: frame.length, slotBytes: frame.length + extra })
        const bits = bitsOf(bytes.subarray(offset))
        const end = bitsOf(frame).lastIndexOf('1') + 1 - 3
        expect(bits.slice(0, end)).toBe(bitsOf(frame).slice(0, end))
        const after = extra === 0 ? end + 3 : readFill(bits, end)!
        expect(bits.length - after).toBeLessThan(8)
        expect(bits.slice(after)).not.toContain('1')
        expect(bytes.subarray(0, offset).every((byte) => byte === 0)).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

test('[ST9] every number of bytes from 0 to 1,500 can be filled', () => {
  const frame = Uint8Array.of(0x21, 0x45, 0b01110000)
  for (let extra = 0; extra <= 1500; extra += 1) {
    const bytes = new Uint8Array(frame.length + extra)
    bytes.set(frame)
    padFrame(bytes, { offset: 0, frameBytes: frame.length, slotBytes: bytes.length })
    if (extra > 0) expect(bitsOf(bytes).length - readFill(bitsOf(bytes), 17)!).toBeLessThan(8)
  }
})

test('[ST9] a frame that does not fit or has no end is refused', () => {
  expect(() => padFrame(new Uint8Array(4), { offset: 0, frameBytes: 4, slotBytes: 3 })).toThrow(RangeError)
  expect(() => padFrame(new Uint8Array(8), { offset: 0, frameBytes: 4, slotBytes: 8 })).toThrow(RangeError)
})

const ffmpeg = findFfmpeg()

test.skipIf(ffmpeg === undefined)(
  '[ST9] ffmpeg decodes padded frames without a warning and to the same samples',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tonestead-fill-'))
    try {
      const recording = await toneRecording(ffmpeg!, 4)
      const frames = recording.frames.get('aac-128')!
      const padded = frames.map((frame, index) => {
        const bytes = new Uint8Array(frame.length + ((index * 7) % 900))
        bytes.set(frame)
        padFrame(bytes, { offset: 0, frameBytes: frame.length, slotBytes: bytes.length })
        return bytes
      })
      expect(decodeAdts(folder, padded)).toEqual(decodeAdts(folder, frames))
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

/** ADTS header: AAC-LC, 48 kHz, stereo. */
const adts = (frame: Uint8Array): Uint8Array => {
  const length = frame.length + 7
  return concat(
    Uint8Array.of(0xff, 0xf1, 0x4c, 0x80 | (length >> 11), (length >> 3) & 255, ((length & 7) << 5) | 31, 0xfc),
    frame,
  )
}

const decodeAdts = (folder: string, frames: readonly Uint8Array[]): string => {
  const path = join(folder, 'sound.aac')
  writeFileSync(path, concat(...frames.map(adts)))
  return execFileSync(
    ffmpeg!,
    ['-v', 'warning', '-err_detect', 'explode', '-xerror', '-i', path, '-f', 'md5', 'pipe:1'],
    { encoding: 'utf8' },
  )
}
