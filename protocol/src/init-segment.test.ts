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
    console.warn('SKIPPED: no ffprobe here to read init segments with')
    return undefined
  }
})()

describe('an init segment', () => {
  it('is made of boxes that fill it', () => {
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

  it.skipIf(ffprobe === undefined)(
    'tells ffprobe codec, rate and channels (skipped where there is no ffprobe)',
    async () => {
      for (const [name, head, codec] of [
        ['aac', aacHead, 'aac'],
        ['flac', flacHead, 'flac'],
      ] as const) {
        const path = join(folder, `${name}.mp4`)
        await writeFile(path, initSegment(head))
        const told = execFileSync(ffprobe ?? '', ['-v', 'quiet', '-of', 'json', '-show_streams', path]).toString()
        expect((JSON.parse(told) as { streams: unknown[] }).streams).toMatchObject([
          { codec_name: codec, sample_rate: String(head.sampleRateHz), channels: 2 },
        ])
      }
    },
  )

  it('counts the last frame only as far as the music reaches', () => {
    expect((frameCountOf(aacHead) - 1) * aacHead.samplesPerFrame + lastFrameSamples(aacHead)).toBe(
      mediaDurationOf(aacHead),
    )
  })
})
