import { parseChunkId, parseReleaseId } from '@tonestead/crdt/ids'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCatalogIds } from '../ingest/catalog-ids.ts'
import { ingestedOf, type DescribedSource } from '../ports/ingested-source.testkit.ts'
import { idOf } from '../ports/publication.testkit.ts'
import type { PresentSource } from '../ports/source-facts.ts'
import { createReleaseDerivation } from './derive-release.ts'

const derive = createReleaseDerivation(createCatalogIds(new Uint8Array(32).fill(1)))
const id = parseReleaseId(idOf('release Album'))
type Described = Partial<DescribedSource> & {
  readonly isPublic?: boolean
  readonly cover?: string
  readonly lufs?: number
}

const sourceOf = (name: string, described: Described = {}): PresentSource => {
  const { facts, made } = ingestedOf({ title: 'Song', release: 'Album', content: name, ...described })
  const cover =
    described.cover === undefined ? undefined : { id: parseChunkId(described.cover.repeat(64)), color: '#000' }
  return {
    id: name,
    name,
    isPublic: described.isPublic ?? false,
    facts: { ...facts, cover },
    loudness: { ...made!.loudness, integratedLufs: described.lufs ?? -14 },
  }
}
const recordingOf = (content: string) => ingestedOf({ title: '', release: '', content }).facts.recordingId
const tracksOf = (sources: readonly PresentSource[]) => derive(id, sources)?.tracks ?? []

it('[CT1] makes a track public when one of its sources is', () => {
  const tracks = tracksOf([sourceOf('a', { isPublic: true }), sourceOf('b'), sourceOf('c', { title: 'Other' })])
  expect(tracks.map((track) => [track.title, track.isPublic, track.sourceIds])).toEqual([
    ['Song', true, ['a', 'b']],
    ['Other', false, ['c']],
  ])
  expect(derive(id, [])).toBeUndefined()
})

it('[CT3] takes the fields of a release from its public sources, if there are any', () => {
  const hidden = ['a', 'b', 'c'].map((name) =>
    sourceOf(name, { title: name, release: 'ALBUM', year: 1950, artist: 'Eve', cover: 'e', lufs: -30 }),
  )
  const shown = sourceOf('z', { release: 'Album', year: 1999, artist: 'Ann', isPublic: true, lufs: -10 })
  expect(derive(id, [...hidden, shown])?.release).toEqual(derive(id, [shown])?.release)
  expect(derive(id, hidden)?.release).toMatchObject({ title: 'ALBUM', year: 1950, credits: [{ name: 'Eve' }] })
})

it('[CT4] spells the title as most sources do, and in a tie as the first by name', () => {
  const titled = (titles: readonly string[]) =>
    derive(
      id,
      titles.map((release, index) => sourceOf(`${index}`, { release })),
    )?.release.title
  expect(titled(['album', 'Album', 'ALBUM', 'Album'])).toBe('Album')
  expect(titled(['album', 'Album'])).toBe('album')
})

it('[CT5] takes the most frequent year and cover that are defined', () => {
  const sources = [
    sourceOf('a', { title: 'a' }),
    sourceOf('b', { title: 'b', year: 1999, cover: 'b' }),
    sourceOf('c', { title: 'c', year: 2000, cover: 'c' }),
    sourceOf('d', { title: 'd', year: 2000, cover: 'c' }),
    sourceOf('e', { title: 'e' }),
    sourceOf('f', { title: 'f' }),
  ]
  expect(derive(id, sources)?.release).toMatchObject({ year: 2000, cover: { id: 'c'.repeat(64) } })
  expect(derive(id, sources.slice(0, 3))?.release).toMatchObject({ year: 1999, cover: { id: 'b'.repeat(64) } })
})

it('[CT6] names "Various Artists" only when no source names an album artist and several known artists are there', () => {
  const creditsOf = (sources: readonly PresentSource[]) => {
    const release = derive(id, sources)?.release
    return [release?.credits.map((credit) => credit.name), release?.type]
  }
  const ann = sourceOf('a', { artist: 'Ann' })
  const bob = sourceOf('b', { artist: 'Bob', title: 'b' })
  expect(creditsOf([ann, bob])).toEqual([['Various Artists'], 'compilation'])
  expect(creditsOf([ann, sourceOf('c', { artist: 'Unknown Artist', title: 'c' })])).toEqual([['Ann'], 'album'])
  expect(creditsOf([ann, bob, sourceOf('c', { albumArtist: 'Band', title: 'c' })])).toEqual([['Band'], 'album'])
  expect(creditsOf([ann, sourceOf('c', { artist: 'ANN', title: 'c' })])).toEqual([['Ann'], 'album'])
})

it('[CT7] sets the loudness of the album from its tracks', () => {
  const sources = [sourceOf('a', { lufs: -10 }), sourceOf('b', { title: 'b', lufs: -10 })]
  expect(derive(id, sources)?.release.loudness).toEqual({ integratedLufs: -10, truePeakDbtp: -0.8 })
})

const anySource = fc.record({
  name: fc.integer({ min: 0, max: 30 }).map((number) => `file ${number}`),
  described: fc.record({
    title: fc.constantFrom('Song', 'SONG', 'Other'),
    release: fc.constantFrom('Album', 'album'),
    artist: fc.constantFrom('Ann', 'Bob', 'Unknown Artist'),
    position: fc.constantFrom(1, undefined),
    year: fc.constantFrom(1999, 2000, undefined),
    durationMs: fc.integer({ min: 0, max: 12 }).map((number) => 100_000 + number * 700),
    isLossless: fc.boolean(),
    isPublic: fc.boolean(),
  }),
})
const anySources = fc.uniqueArray(anySource, { selector: (source) => source.name, maxLength: 14 }).map((sources) =>
  sources.map(({ name, described: { position, year, ...described } }) =>
    sourceOf(name, {
      ...described,
      ...(position === undefined ? {} : { position }),
      ...(year === undefined ? {} : { year }),
    }),
  ),
)

it('[CT8] gives the same release whatever the order of the sources', () => {
  fc.assert(
    fc.property(anySources, fc.infiniteStream(fc.double({ noNaN: true })), (sources, order) => {
      const keys = new Map(sources.map((source) => [source, order.next().value]))
      const shuffled = sources.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0))
      expect(derive(id, shuffled)).toEqual(derive(id, sources))
    }),
  )
})

it('[CT9] groups sources whose lengths differ by at most 2 s', () => {
  const lengths = [100_000, 102_001, 101_000, 102_000, 99_999.5]
  const tracks = tracksOf(lengths.map((durationMs, index) => sourceOf(`${index}`, { durationMs })))
  expect(tracks.map((track) => track.sourceIds)).toEqual([
    ['0', '2', '4'],
    ['1', '3'],
  ])
  expect(new Set(tracks.map((track) => track.id)).size).toBe(2)
})

it('[CT10] changes nothing for everyone when private sources come or go', () => {
  fc.assert(
    fc.property(anySources, (sources) => {
      const shown = sources.filter((source) => source.isPublic)
      const all = derive(id, sources)
      const publicOnly = derive(id, shown)
      const seen = (derived: typeof all) =>
        (derived?.tracks ?? [])
          .filter((track) => track.isPublic)
          .map((track) => ({ ...track, sourceIds: [] }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(seen(all)).toEqual(seen(publicOnly))
      if (shown.length > 0) expect(all?.release).toEqual(publicOnly?.release)
    }),
  )
})

it('[CT11] plays the best source: public, then lossless, then the longest, then the first by name', () => {
  const best = (...sources: readonly PresentSource[]) => tracksOf(sources)[0]?.recordingId
  const mp3 = sourceOf('b.mp3')
  expect(best(mp3, sourceOf('a.mp3'))).toBe(recordingOf('a.mp3'))
  expect(best(mp3, sourceOf('a.mp3'), sourceOf('c.mp3', { durationMs: 200_900 }))).toBe(recordingOf('c.mp3'))
  const flac = sourceOf('x.flac', { isLossless: true })
  expect(best(mp3, sourceOf('c.mp3', { durationMs: 200_900 }), flac)).toBe(recordingOf('x.flac'))
  expect(best(flac, sourceOf('y.mp3', { isPublic: true }))).toBe(recordingOf('y.mp3'))
})

it('[CT12] gives a track the same id when its file is replaced, renamed or joined by others', () => {
  const idsOf = (...sources: readonly PresentSource[]) => tracksOf(sources).map((track) => track.id)
  const [first] = idsOf(sourceOf('a.mp3'))
  expect(idsOf(sourceOf('z.flac', { isLossless: true, durationMs: 201_000 }))).toEqual([first])
  expect(idsOf(sourceOf('a.mp3', { title: 'SONG' }))).toEqual([first])
  expect(idsOf(sourceOf('a.mp3', { position: 2 }))).not.toEqual([first])
  const [public_, private_] = idsOf(sourceOf('z', { durationMs: 300_000, isPublic: true }), sourceOf('a'))
  expect(public_).toBe(first)
  expect(private_).not.toBe(first)
})
