import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { initSegment, lastFrameSamples, mediaDurationOf } from './init-segment.ts'
import { frameCountOf } from './manifest.ts'
import { boxesIn, findBox } from './mp4-boxes.ts'
import { aacHead, flacHead } from './vectors.testkit.ts'

const folder = await mkdtemp(join(tmpdir(), 'tonestead-init-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const ffprobe = ((): string | undefined => {
  const name = process.env['TONESTEAD_REFERENCE_FFPROBE'] ?? 'ffprobe'
  try {
    execFileSync(name, ['-version'], { stdio: 'ignore' })
    return name
  } catch {
    console.warn('SKIPPED: ffprobe, which reads the init segments, was not found')
    return undefined
  }
})()

describe('an init segment', () => {
  it('consists of ftyp and moov, with the boxes that a decoder needs', () => {
    for (const head of [aacHead, flacHead]) {
      const bytes = initSegment(head)
      expect([...boxesIn(bytes)].map((box) => box.type)).toEqual(['ftyp', 'moov'])
      for (const path of [
        ['moov', 'mvhd'],
        ['moov', 'trak', 'edts', 'elst'],
        ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'],
        ['moov', 'mvex', 'trex'],
      ])
        expect(findBox(bytes, ...path), path.join('/')).toBeDefined()
    }
  })

  it.skipIf(ffprobe === undefined)('gives ffprobe the codec, rate and channels (skipped without ffprobe)', async () => {
    for (const [name, head, codec] of [
      ['aac', aacHead, 'aac'],
      ['flac', flacHead, 'flac'],
    ] as const) {
      const path = join(folder, `${name}.mp4`)
      await writeFile(path, initSegment(head))
      const output = execFileSync(ffprobe ?? '', ['-v', 'quiet', '-of', 'json', '-show_streams', path]).toString()
      expect((JSON.parse(output) as { streams: unknown[] }).streams).toMatchObject([
        { codec_name: codec, sample_rate: String(head.sampleRateHz), channels: 2 },
      ])
    }
  })

  it('has a last frame that ends with the music, without the padding', () => {
    expect((frameCountOf(aacHead) - 1) * aacHead.samplesPerFrame + lastFrameSamples(aacHead)).toBe(
      mediaDurationOf(aacHead),
    )
  })
})
