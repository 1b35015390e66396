import { parseReleaseId, parseServerId } from '@tonestead/crdt/ids'
import { folded } from '@tonestead/crdt/tracks/match-track'
import type { Track } from '@tonestead/protocol/catalog'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aTrack, catalogIdOf } from '../../saved/catalog-samples.testkit.ts'
import { arbitraryPlaylist } from '../arbitrary-playlist.testkit.ts'
import type { FileEntry } from '../playlist-file.ts'
import { matchEntries, type EntryMatch, type MatchDeps } from './match-entries.ts'

const serverId = parseServerId('S'.repeat(22))
const catalog: readonly Track[] = [
  aTrack('River'),
  aTrack('Lantern', { isrc: 'USRC17607839' }),
  aTrack('Jóga', {
    credits: [
      { id: catalogIdOf('x') as never, name: 'Björk', join: ' feat. ' },
      { id: catalogIdOf('y') as never, name: 'Anna', join: '' },
    ],
  }),
  aTrack('Long', { durationMs: 500_000 }),
]

const createDeps = (changes: Partial<MatchDeps> = {}): MatchDeps & { readonly asked: string[] } => {
  const asked: string[] = []
  return {
    asked,
    serverId,
    tracksById: (ids) => Promise.resolve({ kind: 'ready', value: catalog.filter(({ id }) => ids.includes(id)) }),
    findTracks: (text) => {
      asked.push(text)
      return Promise.resolve({
        kind: 'ready',
        value: catalog.filter((track) => folded(text).includes(folded(track.title).slice(0, 2))),
      })
    },
    ...changes,
  }
}
const run = { signal: new AbortController().signal, onProgress: () => undefined }
const outcome = (match: EntryMatch | undefined): string =>
  match?.kind === 'matched' ? `${match.by}: ${match.track.title}` : (match?.reason ?? '')
const outcomes = async (entries: readonly FileEntry[], deps: MatchDeps = createDeps()): Promise<string[]> =>
  (await matchEntries(deps, entries, run)).map(outcome)

test('[PF7] entries are matched by the track of ours, by ISRC, and by title, artist and length', async () => {
  const { id: trackId } = aTrack('River')
  expect(
    await outcomes([
      { title: 'Renamed', track: { serverId, trackId } },
      { location: `https://x/track/${trackId}`, track: { trackId } },
      { title: 'Lantern, the other title', isrc: 'USRC17607839' },
      { title: 'RIVER!', artist: 'anna', durationMs: 202_500 },
      { title: 'Joga', artist: 'Björk' },
      { title: 'Joga', artist: 'Bjork feat Anna' },
      { title: 'River', durationMs: 200_000 },
    ]),
  ).toEqual([
    'id: River',
    'id: River',
    'isrc: Lantern',
    'description: River',
    'description: Jóga',
    'description: Jóga',
    'description: River',
  ])
})

test('[PF7] the id of another server says nothing, and an entry without a title is described by its path', async () => {
  const other = parseServerId('T'.repeat(22))
  expect(
    await outcomes([
      { title: 'Nowhere', track: { serverId: other, trackId: aTrack('River').id } },
      { location: 'file:///home/x/Music/Anna/Winter/01%20River.mp3' },
      { location: 'C:\\Music\\Anna - River.flac' },
      { location: '03_-_Anna - River.mp3' },
      { location: '/Music/100%/Anna - River.mp3?x#y' },
    ]),
  ).toEqual(['not-found', ...Array<string>(4).fill('description: River')])
})

test('[PF8] an entry that is not matched says why', async () => {
  const noAnswer = createDeps({ findTracks: () => Promise.resolve({ kind: 'offline' }) })
  expect(
    await outcomes([
      {},
      { location: 'http://radio.example/' },
      { title: 'Something else' },
      { title: 'River', artist: 'Somebody' },
      { title: 'Long', artist: 'Anna', durationMs: 200_000 },
      { title: 'River' },
    ]),
  ).toEqual(['unknown', 'unknown', 'not-found', 'other-artist', 'other-length', 'uncertain'])
  expect(await outcomes([{ title: 'River', artist: 'Anna' }], noAnswer)).toEqual(['no-answer'])
})

test('[PF7] among several the one of the same release is taken', async () => {
  const release = { id: parseReleaseId(catalogIdOf('Live')), title: 'Live' }
  const live = aTrack('River', { id: catalogIdOf('zzz') as never, release })
  const deps = createDeps({ findTracks: () => Promise.resolve({ kind: 'ready', value: [aTrack('River'), live] }) })
  const [match] = await matchEntries(deps, [{ title: 'River', artist: 'Anna', album: 'LIVE' }], run)
  expect(match?.kind === 'matched' && match.track.id).toBe(live.id)
})

test('[PF9] at most four requests wait, equal ones are made once, and progress counts every entry', async () => {
  let waiting = 0
  let most = 0
  const deps = createDeps({
    findTracks: async () => {
      waiting += 1
      most = Math.max(most, waiting)
      await new Promise((resolve) => setTimeout(resolve, 1))
      waiting -= 1
      return { kind: 'ready', value: catalog }
    },
  })
  const progress: number[] = []
  const entries = Array.from({ length: 30 }, (_, index) => ({ title: `Song ${index}` }))
  await matchEntries(deps, entries, { ...run, onProgress: (done) => progress.push(done) })
  expect(most).toBe(4)
  expect(progress).toEqual(entries.map((_, index) => index + 1))
  const counted = createDeps()
  await matchEntries(counted, Array<FileEntry>(9).fill({ title: 'River', artist: 'Anna' }), run)
  expect(counted.asked).toEqual(['River Anna'])
})

test('[PF9] an abort ends the matching, and nothing more is asked', async () => {
  const controller = new AbortController()
  const asked: string[] = []
  const deps = createDeps({
    findTracks: (text) => {
      asked.push(text)
      if (asked.length === 6) controller.abort(new Error('stopped'))
      return Promise.resolve({ kind: 'ready', value: [] })
    },
  })
  const entries = Array.from({ length: 100 }, (_, index) => ({ title: `Song ${index}` }))
  await expect(matchEntries(deps, entries, { ...run, signal: controller.signal })).rejects.toThrow('stopped')
  expect(asked.length).toBeLessThan(12)
})

test('[PF8] every entry of any file is reported once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryPlaylist, async ({ entries }) => {
      const matches = await matchEntries(createDeps(), entries, run)
      expect(matches.map(({ entry }) => entry)).toEqual(entries)
    }),
    { numRuns: 100 },
  )
})
