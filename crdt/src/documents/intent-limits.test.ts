import { describe, expect, test } from 'vitest'
import type { PlaylistIntent } from '../playlists/playlist-intent.ts'
import { entryIdOf } from '../slots/slot-ids.ts'
import { shownIds } from '../slots/slot-list.ts'
import { changePlain, plainOf } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { initialValue } from './constant-changes.ts'
import type { DocumentKind } from './document-kind.ts'
import {
  maxDescriptionUnits,
  maxIntentEntries,
  maxPlaylistEntries,
  maxQueueEntries,
  maxTitleUnits,
} from './document-limits.ts'
import type { Documents, Intents } from './documents.ts'
import { needs } from './intent-needs.ts'
import { splitIntent } from './split-intent.ts'

const id = samples.intentId(7)
const entry = samples.playlistEntry('e')
const end = { kind: 'end' } as const
/** Texts of three bytes for each unit, so that changes are as large as they can be. */
const wide = (units: number): string => '音'.repeat(units)
const largeTrack = (name: string) =>
  samples.trackReference(name, {
    title: wide(300),
    credits: [
      { name: wide(200), join: wide(40) },
      { name: wide(200), join: '' },
    ],
  })
const entries = (count: number, track = samples.trackReference) =>
  Array.from({ length: count }, (_, index) => ({ ...entry, id: entryIdOf(id, index), track: track(`n${index}`) }))

describe('refused', () => {
  const full = (): Documents['playlist'] => ({
    ...initialValue('playlist'),
    entries: Object.fromEntries(entries(maxPlaylistEntries).map((each) => [each.id, { at: '', item: '' }])),
  })
  const fullQueue = (): Documents['queue'] => ({
    ...initialValue('queue'),
    entries: Object.fromEntries(entries(maxQueueEntries).map((each) => [each.id, { at: '', item: '' }])),
  })
  const add = (more: object): PlaylistIntent => ({
    kind: 'addEntries',
    id,
    entries: [{ ...entry, ...more }],
    place: end,
  })
  const cases: readonly (readonly [string, DocumentKind, Documents[DocumentKind], Intents[DocumentKind], string])[] = [
    [
      'a title that is too long',
      'playlist',
      initialValue('playlist'),
      { kind: 'setTitle', id, title: 'x'.repeat(maxTitleUnits + 1) },
      'value-not-permitted',
    ],
    [
      'half a character',
      'playlist',
      initialValue('playlist'),
      { kind: 'setTitle', id, title: '\udc00' },
      'value-not-permitted',
    ],
    [
      'a description that is too long',
      'playlist',
      initialValue('playlist'),
      { kind: 'setDescription', id, description: 'x'.repeat(maxDescriptionUnits + 1) },
      'value-not-permitted',
    ],
    ['a wrong entry id', 'playlist', initialValue('playlist'), add({ id: '__proto__' }), 'value-not-permitted'],
    [
      'a track title that is too long',
      'playlist',
      initialValue('playlist'),
      add({ track: samples.trackReference('t', { title: 'x'.repeat(301) }) }),
      'value-not-permitted',
    ],
    ['a wrong instant', 'playlist', initialValue('playlist'), add({ addedAt: -1 }), 'value-not-permitted'],
    [
      'a wrong new track',
      'playlist',
      { ...initialValue('playlist') },
      { kind: 'addEntries', id, entries: [{ ...entry, by: 'x' as never }], place: end },
      'value-not-permitted',
    ],
    ['an entry beyond the limit', 'playlist', full(), add({ id: samples.entryId('z') }), 'document-full'],
    [
      'too many entries',
      'playlist',
      initialValue('playlist'),
      { kind: 'removeEntries', id, ids: entries(maxIntentEntries + 1).map((each) => each.id) },
      'intent-too-large',
    ],
    [
      'too many moves',
      'playlist',
      initialValue('playlist'),
      { kind: 'moveEntries', id, ids: entries(maxIntentEntries + 1).map((each) => each.id), place: end },
      'intent-too-large',
    ],
    [
      'too many bytes',
      'playlist',
      initialValue('playlist'),
      { kind: 'addEntries', id, entries: entries(maxIntentEntries, largeTrack), place: end },
      'intent-too-large',
    ],
    [
      'a queue entry beyond the limit',
      'queue',
      fullQueue(),
      { kind: 'changeQueue', id, steps: [{ kind: 'insertEntries', entries: [samples.queueEntry('z')], place: end }] },
      'document-full',
    ],
    [
      'contradictory steps',
      'queue',
      initialValue('queue'),
      {
        kind: 'changeQueue',
        id,
        steps: [
          { kind: 'insertEntries', entries: [samples.queueEntry('z')], place: end },
          { kind: 'removeEntries', ids: [samples.queueEntryId('z')] },
        ],
      },
      'contradictory',
    ],
    [
      'a setting twice',
      'queue',
      initialValue('queue'),
      {
        kind: 'changeQueue',
        id,
        steps: [
          { kind: 'setRepeat', repeat: 'all' },
          { kind: 'setRepeat', repeat: 'one' },
        ],
      },
      'contradictory',
    ],
    [
      'a wrong current entry',
      'queue',
      initialValue('queue'),
      { kind: 'changeQueue', id, steps: [{ kind: 'setCurrent', entry: 'x' as never }] },
      'value-not-permitted',
    ],
    [
      'a wrong device',
      'playback',
      initialValue('playback'),
      { kind: 'grantToken', id, device: 'x' as never, token: { epoch: 1, to: samples.deviceId('d') } },
      'value-not-permitted',
    ],
    [
      'an epoch beyond the limit',
      'playback',
      initialValue('playback'),
      { kind: 'grantToken', id, device: samples.deviceId('d'), token: { epoch: 2 ** 41, to: samples.deviceId('d') } },
      'value-not-permitted',
    ],
    [
      'a setting without a value',
      'settings',
      initialValue('settings'),
      { kind: 'changeSettings', id, values: { theme: Number.NaN } },
      'value-not-permitted',
    ],
    [
      'a setting that is too long',
      'settings',
      initialValue('settings'),
      { kind: 'changeSettings', id, values: { theme: 'x'.repeat(1_000) } },
      'value-not-permitted',
    ],
    [
      'a wrong month',
      'root',
      initialValue('root'),
      { kind: 'addHistoryMonth', id, device: samples.deviceId('d'), month: '2026-13' },
      'value-not-permitted',
    ],
    [
      'a wrong folder',
      'root',
      initialValue('root'),
      { kind: 'moveItems', id, ids: [], folder: 'x' as never, place: end },
      'value-not-permitted',
    ],
    [
      'a wrong item',
      'root',
      initialValue('root'),
      {
        kind: 'addItems',
        id,
        items: [{ id: samples.entryId('e'), item: { kind: 'playlist', collection: '', document: '' } }],
        place: end,
      },
      'value-not-permitted',
    ],
  ]
  test.each(cases)('[IN1] %s is refused, and nothing is written', (...[, kind, document, intent, reason]) => {
    const before = plainOf(document)
    expect(changePlain(kind, document as never, intent as never)).toEqual({ kind: 'refused', reason })
    expect(plainOf(document)).toEqual(before)
  })
})

describe('parts', () => {
  test('[IN3] the parts have the effect of the whole, in one run, and an intent that fits keeps its id', () => {
    const document = initialValue('playlist')
    changePlain('playlist', document, {
      kind: 'addEntries',
      id: samples.intentId(1),
      entries: [samples.playlistEntry('x'), samples.playlistEntry('y')],
      place: end,
    })
    const all = entries(2_500)
    const place = { kind: 'after', entry: samples.entryId('x') } as const
    for (const part of splitIntent('playlist', { kind: 'addEntries', id, entries: all, place }))
      changePlain('playlist', document, part)
    const ids = all.map((each) => each.id)
    expect(shownIds(document)).toEqual([samples.entryId('x'), ...ids, samples.entryId('y')])
    const moves = splitIntent('playlist', {
      kind: 'moveEntries',
      id: samples.intentId(2),
      ids: ids.toReversed(),
      place: end,
    })
    for (const part of moves) expect(changePlain('playlist', document, part)).toEqual({ kind: 'applied' })
    expect(shownIds(document)).toEqual([samples.entryId('x'), samples.entryId('y'), ...ids.toReversed()])
    const removals = splitIntent('playlist', { kind: 'removeEntries', id: samples.intentId(3), ids })
    expect(new Set(removals.map((part) => part.id)).size).toBe(3)
    for (const part of removals) changePlain('playlist', document, part)
    expect(shownIds(document)).toHaveLength(2)
    const small: PlaylistIntent = { kind: 'removeEntries', id, ids: ids.slice(0, 5) }
    expect(splitIntent('playlist', small)).toEqual([small])
    expect(splitIntent('settings', { kind: 'resetSettings', id, names: [] })).toHaveLength(1)
  })
})

test('[IN4] needs names what an intent changes, and not what it brings or puts something after', () => {
  const [e, f] = [samples.entryId('e'), samples.entryId('f')]
  const [q, r] = [samples.queueEntryId('q'), samples.queueEntryId('r')]
  const place = { kind: 'after', entry: f } as const
  expect(needs({ kind: 'addEntries', id, entries: [entry], place })).toEqual([])
  expect(needs({ kind: 'restoreEntries', id, runs: [{ entries: [entry], place }] })).toEqual([])
  expect(needs({ kind: 'moveEntries', id, ids: [e], place })).toEqual([e])
  expect(needs({ kind: 'returnEntries', id, runs: [{ ids: [e], place }], movedBy: id })).toEqual([e])
  expect(needs({ kind: 'removeEntries', id, ids: [e, f] })).toEqual([e, f])
  expect(needs({ kind: 'replaceTracks', id, tracks: [{ id: e, track: entry.track }] })).toEqual([e])
  expect(needs({ kind: 'setTitle', id, title: 'x' })).toEqual([])
  expect(needs({ kind: 'renameFolder', id, folder: e, name: 'x' })).toEqual([e])
  expect(needs({ kind: 'replaceItem', id, entry: e, item: { kind: 'folder' } })).toEqual([e])
  expect(needs({ kind: 'moveItems', id, ids: [e], folder: f, place })).toEqual([e])
  expect(needs({ kind: 'unsave', id, section: 'tracks', keys: ['k'] })).toEqual(['k'])
  expect(needs({ kind: 'removePlays', id, keys: ['k'] })).toEqual(['k'])
  expect(
    needs({
      kind: 'changeQueue',
      id,
      steps: [
        { kind: 'removeEntries', ids: [r] },
        { kind: 'insertEntries', entries: [samples.queueEntry('q')], place: { kind: 'after', entry: f } },
        { kind: 'setCurrent', entry: q },
      ],
    }),
  ).toEqual([r])
  expect(needs({ kind: 'changeQueue', id, steps: [{ kind: 'setCurrent', entry: q }] })).toEqual([q])
})
