import { describe, expect, test } from 'vitest'
import { initialValue } from '../documents/constant-changes.ts'
import { parseChunkId } from '../ids.ts'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import { beginDocument, changed, changePlain, copyFor, merged } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import type { PlaylistEntry } from './playlist-document.ts'
import { playlistDetails, playlistEntries } from './playlist-document.ts'
import { sortedEntries, type PlaylistSort } from './playlist-views.ts'

const id = samples.intentId(1)
const start = { kind: 'start' } as const
const begun = () =>
  changed('playlist', beginDocument('playlist'), {
    kind: 'addEntries',
    id,
    entries: ['b', 'c'].map(samples.playlistEntry),
    place: start,
  })

test('[PL1] an entry has its track, who added it and when', () => {
  expect(playlistEntries(begun())).toEqual(
    ['b', 'c'].map((name) => {
      const { id: entry, ...item } = samples.playlistEntry(name)
      return { id: entry, item }
    }),
  )
})
test('[PL1] an entry whose record cannot be read is an entry without a track', () => {
  const playlist = initialValue('playlist')
  changePlain('playlist', playlist, { kind: 'addEntries', id, entries: [samples.playlistEntry('b')], place: start })
  playlist.entries[samples.entryId('b')]!.item = '[1]'
  expect(playlistEntries(playlist)).toEqual([{ id: samples.entryId('b'), item: undefined }])
})
test('[PL2] title, description and cover are set and removed', () => {
  const cover = { kind: 'picture', serverId: samples.aServer, coverId: parseChunkId('0'.repeat(64)) } as const
  let playlist = changed('playlist', begun(), { kind: 'setTitle', id, title: 'Friday' })
  playlist = changed('playlist', playlist, { kind: 'setDescription', id, description: '' })
  playlist = changed('playlist', playlist, { kind: 'setCover', id, cover })
  expect(playlistDetails(playlist)).toEqual({ title: 'Friday', description: '', cover })
  playlist = changed('playlist', playlist, { kind: 'setTitle', id })
  playlist = changed('playlist', playlist, { kind: 'setCover', id })
  expect(playlistDetails(playlist)).toEqual({ title: undefined, description: '', cover: undefined })
})
test('[PL2] with an expectation a text is set only while it holds', () => {
  const playlist = changed('playlist', begun(), { kind: 'setTitle', id, title: 'Friday' })
  const set = (expected: { value?: string }) =>
    playlistDetails(changed('playlist', playlist, { kind: 'setTitle', id, title: 'New', expected })).title
  expect(set({ value: 'Friday' })).toBe('New')
  expect(set({ value: 'Other' })).toBe('Friday')
  expect(set({})).toBe('Friday')
})
test('[PL2] of two titles at the same time one wins on both devices', () => {
  const playlist = begun()
  const first = changed('playlist', playlist, { kind: 'setTitle', id, title: 'one' })
  const second = changed('playlist', copyFor(playlist, 1), { kind: 'setTitle', id, title: 'two' })
  const titles = [merged(first, second), merged(second, first)].map((each) => playlistDetails(each).title)
  expect(['one', 'two']).toContain(titles[0])
  expect(titles[1]).toBe(titles[0])
})
test('[PL3] a new track keeps the place of the entry, who added it and when', () => {
  const track = samples.trackReference('n')
  const tracks = [
    { id: samples.entryId('b'), track },
    { id: samples.entryId('z'), track },
  ]
  const [first, second] = playlistEntries(changed('playlist', begun(), { kind: 'replaceTracks', id, tracks }))
  expect(first).toEqual({
    id: samples.entryId('b'),
    item: { track, by: samples.anAccount, addedAt: samples.anInstant },
  })
  expect(second!.item!.track).toEqual(samples.trackReference('c'))
})

describe('views', () => {
  const entryOf = (...[name, title, credit, order]: [string, string, string, number]): PlaylistEntry => ({
    id: samples.entryId(name),
    item: {
      track: samples.trackReference(name, {
        title,
        credits: [{ name: credit, join: '' }],
        durationMs: parseDurationMs(order),
      }),
      by: samples.anAccount,
      addedAt: parseUnixMs(10 - order),
    },
  })
  const entries: PlaylistEntry[] = [
    { id: samples.entryId('x'), item: undefined },
    entryOf('b', 'Zoo', 'Beta', 2),
    entryOf('c', 'Abc', 'Gamma', 3),
    entryOf('d', 'Zoo', 'Alpha', 1),
  ]
  const sorted = (by: PlaylistSort, isDescending: boolean): string =>
    sortedEntries(entries, { by, isDescending, compareText: (a, b) => (a < b ? -1 : Number(a > b)) })
      .map((each) => each.id.charAt(0))
      .join('')
  test.each([
    ['title', 'cbdx', 'bdcx'],
    ['artist', 'dbcx', 'cbdx'],
    ['addedAt', 'cbdx', 'dbcx'],
    ['duration', 'dbcx', 'cbdx'],
  ] as const)('[PL4] sorted by %s, equal entries keep their order, unreadable ones come last', (by, up, down) => {
    expect([sorted(by, false), sorted(by, true)]).toEqual([up, down])
    expect(entries[0]!.item).toBeUndefined()
  })
})
