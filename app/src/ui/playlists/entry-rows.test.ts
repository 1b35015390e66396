import { describe, expect, test } from 'vitest'
import { parseRecordingId, parseTrackId, parseServerId, parseEntryId, parseAccountId } from '@tonestead/crdt/ids'
import { parseDurationMs, parseUnixMs } from '@tonestead/crdt/instant'
import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import type { KnownTracks } from '../../engine/playlists/playlists.ts'
import { createRows, entriesInOrder, parseSort } from './entry-rows.ts'

const entryOf = (name: string, durationMs: number): PlaylistEntry => ({
  id: parseEntryId(name.toLowerCase().padEnd(26, 'a')),
  item: {
    by: parseAccountId('b'.repeat(52)),
    addedAt: parseUnixMs(1_795_000_000_000 + durationMs),
    track: {
      serverId: parseServerId('S'.repeat(22)),
      trackId: parseTrackId(name.toLowerCase().padEnd(26, 'a')),
      recordingId: parseRecordingId('r'.repeat(26)),
      title: name,
      credits: [{ name: 'Anna', join: '' }],
      release: { title: 'Release' },
      durationMs: parseDurationMs(durationMs),
    },
  },
})
const entries = [entryOf('Zoo', 3), entryOf('abc', 1), entryOf('Mid', 2)]
const known = (kind: 'known' | 'gone'): KnownTracks => ({ trackOf: () => undefined, availabilityOf: () => ({ kind }) })

describe('rows', () => {
  test('a row says who added it, and to whom may not listen here why it does not play', () => {
    const rowOf = createRows()
    const nameOf = (account: string) => `Anna ${account.slice(0, 1)}`
    expect(rowOf(entries[0]!, known('gone'), { nameOf, mayListen: false })).toMatchObject({
      addedBy: 'Anna b',
      note: 'You may not hear it here',
    })
    expect(rowOf(entries[0]!, known('gone'), { nameOf: () => 'Ann', mayListen: true })).toMatchObject({
      addedBy: 'Ann',
      note: 'Not on this server any more',
    })
  })

  test('a row shows what the entry remembers, and stays the same object until something changes', () => {
    const rowOf = createRows()
    const row = rowOf(entries[0]!, known('known'))
    expect(row).toMatchObject({ title: 'Zoo', credits: [{ id: '', name: 'Anna' }], durationMs: 3, note: undefined })
    expect(rowOf(entries[0]!, known('known'))).toBe(row)
    expect(rowOf(entries[0]!, known('gone')).note).toBe('Not on this server any more')
  })
  test('an entry that cannot be read is a row that says so', () => {
    const entry = { id: entries[0]!.id, item: undefined }
    expect(createRows()(entry, known('known'))).toMatchObject({
      title: 'Unknown song',
      note: 'Written by a newer version of the app',
    })
  })
})

test('views sort in both directions, without regard to case, and an unknown name is the own order', () => {
  const titles = (sort: Parameters<typeof entriesInOrder>[1]) =>
    entriesInOrder(entries, sort).map(({ item }) => item!.track.title)
  expect(titles('own')).toEqual(['Zoo', 'abc', 'Mid'])
  expect(titles('title')).toEqual(['abc', 'Mid', 'Zoo'])
  expect(titles('-duration')).toEqual(['Zoo', 'Mid', 'abc'])
  expect(titles('addedAt')).toEqual(['abc', 'Mid', 'Zoo'])
  expect([parseSort('-addedAt'), parseSort('constructor'), parseSort(null)]).toEqual(['-addedAt', 'own', 'own'])
})
