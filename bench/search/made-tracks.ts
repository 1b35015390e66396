import { parseArtistId, parseReleaseId } from '@tonestead/crdt/ids'
import type { Publication } from '../../media-server/src/ports/catalog-store.ts'
import { catalogId } from '../catalog/generate-catalog.ts'
import { publicationOf } from '../catalog/publication-of.ts'

/** A track whose title has words that no other track has. */
export const makeTrack = (number: number): Publication => {
  const credits = [
    { id: parseArtistId(catalogId(`bench artist ${number % 20}`)), name: `Benchmark Band ${number % 20}`, join: '' },
  ]
  const release = {
    id: parseReleaseId(catalogId(`bench release ${number}`)),
    title: `Bench ${number}`,
    credits,
    type: 'single',
    year: 2026,
    label: undefined,
    barcode: undefined,
    cover: undefined,
    musicBrainzId: undefined,
    loudness: undefined,
  } as const
  return publicationOf({
    id: catalogId(`bench track ${number}`),
    title: titleOf(number),
    credits,
    durationMs: 180_000,
    isLossless: false,
    isPublic: true,
    release,
  })
}

const syllables = ['ka', 'lo', 'mi', 'ru', 'te', 'va', 'zo', 'ni', 'be', 'du', 'fa', 'go', 'hi', 'pe', 'so', 'wy']

const wordOf = (bits: number): string => [0, 4, 8, 12].map((shift) => syllables[(bits >>> shift) & 15]).join('')

const titleOf = (number: number): string => `${wordOf(number * 40_503)} ${wordOf(number * 30_011 + 7)}`
