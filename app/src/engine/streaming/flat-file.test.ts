import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readUint } from '@tonestead/protocol/bytes'
import { frameCountOf, type ManifestHead } from '@tonestead/protocol/manifest'
import { findBox } from '@tonestead/protocol/mp4-boxes'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createFlatFile, type FlatFile } from './flat-file.ts'
import { findFfmpeg, noiseRecording } from './recording.testkit.ts'

let head: ManifestHead
beforeAll(async () => {
  head = (await noiseRecording(10, 40)).head
})

/** Where the body of a box of the sample table starts. The header ends inside of mdat, which is cut off. */
const table = (file: FlatFile, name: string): number =>
  findBox(
    file.header.subarray(0, file.header.length - mdatHeadBytes(file)),
    'moov',
    'trak',
    'mdia',
    'minf',
    'stbl',
    name,
  )!.start
const mdatHeadBytes = (file: FlatFile): number => (file.lengthBytes > 2 ** 32 ? 16 : 8)

describe('the virtual file', () => {
  test('[ST8] slots follow one another from the header to the end, and every byte lies in its slot', () => {
    fc.assert(
      fc.property(
        fc.record({
          seconds: fc.integer({ min: 1, max: 5000 }),
          framesPerSegment: fc.integer({ min: 1, max: 200 }),
          largestFrameBytes: fc.integer({ min: 8, max: 2000 }),
        }),
        (some) => {
          const sized = { ...head, ...some, totalSamples: some.seconds * 4801 }
          const wanted = { ...sized, segmentCount: Math.ceil(frameCountOf(sized) / sized.framesPerSegment) }
          const file = createFlatFile(wanted, [])
          expect(file.slotStart(0)).toBe(file.header.length)
          expect(file.slotStart(file.slotCount)).toBe(file.lengthBytes)
          for (const slot of [0, file.slotCount >> 1, file.slotCount - 1]) {
            expect(file.slotAt(file.slotStart(slot))).toBe(slot)
            expect(file.slotAt(file.slotStart(slot + 1) - 1)).toBe(slot)
          }
        },
      ),
    )
  })
  test('[ST8] FLAC frames take their own sizes, from a real sample table', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 300 }), (sizes) => {
        const flac: ManifestHead = {
          ...head,
          ladder: 'flac',
          bitsPerSample: 16,
          streamInfo: new Uint8Array(34),
          encoderDelay: 0,
          samplesPerFrame: 4096,
          totalSamples: sizes.length * 4096 - 5,
          framesPerSegment: 40,
          segmentCount: Math.ceil(sizes.length / 40),
        }
        const file = createFlatFile(flac, sizes)
        expect(file.lengthBytes).toBe(file.header.length + sizes.reduce((sum, size) => sum + size, 0))
        for (let slot = 0; slot < file.slotCount; slot += 1) {
          expect(file.slotAt(file.slotStart(slot))).toBe(slot)
          expect(file.slotAt(file.slotStart(slot + 1) - 1)).toBe(slot)
        }
        const stsz = table(file, 'stsz')
        expect(readUint(file.header, stsz + 8, 4)).toBe(sizes.length)
        expect(readUint(file.header, stsz + 12, 4)).toBe(sizes[0])
      }),
    )
    expect(() => createFlatFile({ ...head, ladder: 'flac' }, [])).toThrow(RangeError)
  })
  test('[ST8] the samples start right after the header, also with a 64-bit mdat', () => {
    for (const totalSamples of [head.totalSamples, 12 * 3600 * 48_000]) {
      const long = { ...head, totalSamples, largestFrameBytes: 6000 }
      const file = createFlatFile({ ...long, segmentCount: Math.ceil(frameCountOf(long) / long.framesPerSegment) }, [])
      expect(readUint(file.header, table(file, 'stco') + 8, 4)).toBe(file.header.length)
      const mdat = file.header.length - mdatHeadBytes(file)
      const size = mdatHeadBytes(file) === 16 ? readUint(file.header, mdat + 8, 8) : readUint(file.header, mdat, 4)
      expect(mdat + size).toBe(file.lengthBytes)
    }
  })
  test.skipIf(findFfmpeg() === undefined)('ffprobe reads duration, rate and sample count from the header alone', () => {
    const file = createFlatFile(head, [])
    const folder = mkdtempSync(join(tmpdir(), 'tonestead-flat-'))
    const path = join(folder, 'sound.m4a')
    writeFileSync(path, Buffer.concat([file.header, new Uint8Array(file.lengthBytes - file.header.length)]))
    const output = execFileSync(
      'ffprobe',
      ['-v', 'quiet', '-show_entries', 'stream=codec_name,sample_rate,nb_frames,duration', '-of', 'csv=p=0', path],
      { encoding: 'utf8' },
    )
    rmSync(folder, { recursive: true })
    expect(output.trim()).toBe(`aac,48000,${(head.totalSamples / 48_000).toFixed(6)},${frameCountOf(head)}`)
  })
})
