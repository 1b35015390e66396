import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasMedia, mediaFolder, openIngest, transcodersHere } from './ingest.testkit.ts'

const [transcoder] = await transcodersHere()
if (!hasMedia)
  console.warn(
    'SKIPPED: the collection of real music is not available (TONESTEAD_TEST_MEDIA); `npm run campaign -- media` tests all of it',
  )

/** One file of each kind; the campaign tests all of them. */
const sample = [
  'derived/alac-full-tags.m4a',
  'derived/aiff-24bit-48k.aiff',
  'derived/wav-float32-id3.wav',
  'derived/vbr-no-xing.mp3',
  'derived/surround51-48k.flac',
  'derived/wma2.wma',
  'flac/19 - samplerate 35467Hz.flac',
  'other/robin.ogg',
  'tags/koel-full.mp3',
]

describe.skipIf(!hasMedia || transcoder === undefined)('real music', () => {
  it(
    'is published completely, whatever its container, sample rate, bit depth and channels',
    { timeout: 120_000 },
    async () => {
      const kit = await openIngest(transcoder!)
      const outcomes: Record<string, string> = {}
      for (const name of sample) {
        const path = join(mediaFolder, 'music-and-formats', name)
        const first = await kit.ingest(path, 'playable', name)
        const last = first.kind === 'done' ? await kit.ingest(path, 'complete', name) : first
        outcomes[name] = last.kind === 'done' ? 'done' : last.code
      }
      await kit.close()
      expect(outcomes).toEqual(Object.fromEntries(sample.map((name) => [name, 'done'])))
    },
  )

  it('reads names, numbers and several artists from tags', async () => {
    const kit = await openIngest(transcoder!)
    const outcome = await kit.ingest(
      join(mediaFolder, 'music-and-formats/tags/koel-full.mp3'),
      'playable',
      'tags/koel-full.mp3',
    )
    const track = outcome.kind === 'done' ? await kit.catalog.track(outcome.trackId, 'listeners') : undefined
    await kit.close()
    expect(track).toMatchObject({
      title: 'Amet',
      disc: 3,
      position: 5,
      credits: [{ name: 'Koel' }],
      release: { title: 'Koel Testing Vol. 1' },
    })
  })
})
