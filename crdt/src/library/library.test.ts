import { expect, test } from 'vitest'
import { initialValue } from '../documents/constant-changes.ts'
import { documentName } from '../documents/document-kind.ts'
import { parseArtistId, parseReleaseId } from '../ids.ts'
import { parseUnixMs } from '../instant.ts'
import { attempt, beginDocument, changed, changePlain, copyFor, merged } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { eachSaved, libraryEntries, savedIn, type LibraryDocument } from './library-document.ts'
import { savedKey } from './saved-key.ts'
import type { LibraryIntent } from './library-intent.ts'
import { allShards, fullShardEntries, shardOf, shardsOf, wantedShards } from './library-shards.ts'

const saveTrack = (name: string, savedAt: number = samples.anInstant): LibraryIntent => ({
  kind: 'saveTracks',
  id: samples.intentId(1),
  tracks: [{ savedAt: parseUnixMs(savedAt), track: samples.trackReference(name) }],
})
const keyOf = (name: string): string => savedKey(samples.aServer, samples.trackReference(name).trackId)
const unsave = (name: string): LibraryIntent => ({
  kind: 'unsave',
  id: samples.intentId(2),
  section: 'tracks',
  keys: [keyOf(name)],
})
const saved = { savedAt: samples.anInstant, serverId: samples.aServer }

test('[LB1] a key has one shard for each count, and all shards have names of their own', () => {
  expect(shardOf(keyOf('x'), 1)).toEqual({ kind: 'library', shards: 1, shard: 0 })
  // The hash belongs to the format: entries are looked for where other versions put them.
  expect([keyOf('x'), keyOf('y')].map((key) => [shardOf(key, 16).shard, shardOf(key, 256).shard]))
    .toMatchInlineSnapshot(`
    [
      [
        11,
        75,
      ],
      [
        14,
        254,
      ],
    ]
  `)
  expect(shardsOf(keyOf('x'), 256).map(({ shards }) => shards)).toEqual([1, 16, 256])
  expect(shardsOf(keyOf('x'), 1)).toHaveLength(1)
  const names = allShards(256).map(documentName)
  expect(new Set(names).size).toBe(273)
  for (const address of shardsOf(keyOf('x'), 256)) expect(names).toContain(documentName(address))
})
test('[LB1] 16 shards are filled evenly', () => {
  const counts = new Array<number>(16).fill(0)
  for (let number = 0; number < 16_000; number += 1)
    counts[shardOf(savedKey(samples.aServer, samples.intentId(number * 7_919) as never), 16).shard]! += 1
  expect(Math.min(...counts)).toBeGreaterThan(800)
  expect(Math.max(...counts)).toBeLessThan(1_200)
})
test('[LB2] a full shard begins 16 shards, then 256', () => {
  expect(wantedShards(1, fullShardEntries - 1)).toBe(1)
  expect(wantedShards(1, fullShardEntries)).toBe(16)
  expect(wantedShards(16, fullShardEntries - 1)).toBe(16)
  expect(wantedShards(16, fullShardEntries)).toBe(256)
  expect(wantedShards(256, fullShardEntries * 2)).toBe(256)
})
test('[LB3] the library is what all shards hold, and a thing in several counts once, with its earliest instant', () => {
  const shards = [initialValue('library'), initialValue('library')] as [LibraryDocument, LibraryDocument]
  const [first, second] = shards
  changePlain('library', first, saveTrack('x', 5))
  changePlain('library', second, saveTrack('x', 3))
  changePlain('library', second, saveTrack('y', 9))
  const releaseId = parseReleaseId('r'.repeat(26))
  const artistId = parseArtistId('q'.repeat(26))
  changePlain('library', second, {
    kind: 'saveReleases',
    id: samples.intentId(3),
    releases: [{ ...saved, releaseId, title: 'R', credits: [] }],
  })
  changePlain('library', second, {
    kind: 'saveArtists',
    id: samples.intentId(4),
    artists: [{ ...saved, artistId, name: 'A' }],
  })
  expect([...eachSaved(shards, 'tracks')].map(([key, { track }]) => [key, track.title])).toEqual(
    ['x', 'y'].map((name) => [keyOf(name), samples.trackReference(name).title]),
  )
  expect([...eachSaved(shards, 'releases'), ...eachSaved(shards, 'artists')]).toHaveLength(2)
  const all = savedIn(shards)
  expect([...all.tracks].map(([key, { savedAt }]) => [key, savedAt])).toEqual([
    [keyOf('x'), 3],
    [keyOf('y'), 9],
  ])
  expect([...all.releases.keys()]).toEqual([savedKey(samples.aServer, releaseId)])
  expect([...all.artists.values()]).toEqual([{ ...saved, artistId, name: 'A' }])
  expect(libraryEntries(second)).toBe(4)
})
test('[LB4] [MP1] saving what is saved changes nothing, removing what is not there neither', () => {
  const document = changed('library', beginDocument('library'), saveTrack('x', 5))
  const again = attempt('library', document, { intent: saveTrack('x', 9) })
  expect(again.outcome).toEqual({ kind: 'unchanged' })
  expect(savedIn([again.document]).tracks.get(keyOf('x'))!.savedAt).toBe(5)
  expect(attempt('library', document, { intent: unsave('y') }).outcome).toEqual({ kind: 'unchanged' })
  expect(savedIn([changed('library', document, unsave('x'))]).tracks.size).toBe(0)
})
test('[LB4] [MP1] of saving and removing at the same time, saving wins', () => {
  const begun = changed('library', beginDocument('library'), saveTrack('x'))
  const removed = changed('library', begun, unsave('x'))
  const savedAgain = changed('library', changed('library', copyFor(begun, 1), unsave('x')), saveTrack('x', 7))
  for (const both of [merged(removed, savedAgain), merged(savedAgain, removed)])
    expect(savedIn([both]).tracks.get(keyOf('x'))!.savedAt).toBe(7)
})
