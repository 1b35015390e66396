import { expect, it } from 'vitest'
import { albumLoudness } from '../catalog/album-loudness.ts'
import { createCatalogIds } from './catalog-ids.ts'

const ids = createCatalogIds(new Uint8Array(32).fill(1))
const release = { artist: 'Björk', title: 'Début', musicBrainzId: undefined, folder: undefined }

it('derives the same ids from the same items, and other ids on another server', () => {
  expect(ids.recording('ab')).toBe(ids.recording('ab'))
  expect(ids.release(release)).toBe(ids.release({ ...release, artist: 'bjork', title: ' DEBUT ' }))
  expect(createCatalogIds(new Uint8Array(32).fill(2)).recording('ab')).not.toBe(ids.recording('ab'))
  expect(ids.recording('ab')).not.toBe(ids.master('ab'))
})

it('distinguishes parts that look alike when joined', () => {
  expect(ids.release({ ...release, artist: 'a|b', title: 'c' })).not.toBe(
    ids.release({ ...release, artist: 'a', title: 'b|c' }),
  )
})

it('weighs the album loudness by duration and ignores far quieter tracks', () => {
  const track = (integratedLufs: number, durationMs: number) => ({
    durationMs,
    loudness: { integratedLufs, rangeLu: 0, truePeakDbtp: -1 },
  })
  expect(albumLoudness([track(-14, 1000), track(-14, 5000)])?.integratedLufs).toBe(-14)
  expect(albumLoudness([track(-10, 1000), track(-20, 1000)])?.integratedLufs).toBeCloseTo(-12.6, 1)
  expect(albumLoudness([track(-14, 1000), track(-40, 1000)])?.integratedLufs).toBe(-14)
  expect(albumLoudness([track(-70, 1000)])).toBeUndefined()
})
