import { describe, expect, test } from 'vitest'
import { packedAnchor, packedToken } from '../listening/packed-playback.ts'
import { packedPlay } from '../listening/packed-play.ts'
import { packedArtist, packedRelease, packedTrack } from '../library/packed-saved.ts'
import { packedCover, packedPlaylistEntry } from '../playlists/packed-playlist.ts'
import { packedContext, packedQueueEntry } from '../queues/packed-queue.ts'
import { packedItem } from '../root/packed-item.ts'
import { parseArtistId, parseChunkId, parseReleaseId } from '../ids.ts'
import { parseDurationMs } from '../instant.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { documentKinds, documentName, type DocumentAddress } from './document-kind.ts'
import { documentShapes } from './document-shape.ts'
import { isPermitted, type DocumentOperation } from './document-schema.ts'
import { textFormats } from './text-formats.ts'

const entry = samples.entryId('e')
const slot = `${entry}:${samples.intentId(1)}`
const item = packedPlaylistEntry.pack(samples.playlistEntry('e'))
const record = ['entries', entry] as const

test('[DC1] a document has one name, and different documents have different names', () => {
  const addresses: DocumentAddress[] = [
    { kind: 'root' },
    { kind: 'queue' },
    { kind: 'playback' },
    { kind: 'settings' },
    { kind: 'playlist', id: samples.entryId('p') },
    { kind: 'playlist', id: samples.entryId('q') },
    { kind: 'library', shards: 1, shard: 0 },
    { kind: 'library', shards: 16, shard: 0 },
    { kind: 'library', shards: 16, shard: 1 },
    { kind: 'history', device: samples.deviceId('d'), month: '2026-11' },
    { kind: 'history', device: samples.deviceId('d'), month: '2026-12' },
    { kind: 'history', device: samples.deviceId('e'), month: '2026-11' },
  ]
  expect(new Set(addresses.map(documentName)).size).toBe(addresses.length)
  expect(documentName({ ...addresses[5]! })).toBe(documentName(addresses[5]!))
})

describe('operations', () => {
  const permitted: DocumentOperation[] = [
    { container: ['seq'], action: 'insert', value: slot },
    { container: ['seq'], action: 'delete', key: undefined },
    { container: ['entries'], action: 'make', key: entry, value: 'map' },
    { container: ['entries'], action: 'delete', key: entry },
    { container: record, action: 'set', key: 'at', value: slot },
    { container: record, action: 'set', key: 'item', value: item },
    { container: [], action: 'set', key: 'title', value: 'Friday' },
    { container: [], action: 'delete', key: 'title' },
  ]
  const refused: DocumentOperation[] = [
    // Containers and the version come from constant changes only.
    { container: [], action: 'make', key: 'seq', value: 'list' },
    { container: [], action: 'make', key: 'other', value: 'map' },
    { container: [], action: 'delete', key: 'entries' },
    { container: [], action: 'set', key: 'v', value: 2 },
    { container: [], action: 'delete', key: 'v' },
    { container: [], action: 'insert', value: slot },
    // Other keys, types and forms.
    { container: [], action: 'set', key: 'other', value: 'x' },
    { container: [], action: 'set', key: '__proto__', value: 'x' },
    { container: [], action: 'set', key: undefined, value: 'x' },
    { container: [], action: 'set', key: 'title', value: 7 },
    { container: [], action: 'set', key: 'title', value: null },
    { container: [], action: 'set', key: 'title', value: 'x'.repeat(301) },
    { container: [], action: 'set', key: 'title', value: '\ud800' },
    { container: [], action: 'make', key: 'title', value: 'text' },
    { container: ['seq'], action: 'set', key: undefined, value: slot },
    { container: ['seq'], action: 'insert', value: 'x' },
    { container: ['seq'], action: 'insert', value: 5 },
    { container: ['seq'], action: 'make', key: undefined, value: 'map' },
    { container: ['seq'], action: 'delete', key: 'x' },
    { container: ['entries'], action: 'make', key: 'x', value: 'map' },
    { container: ['entries'], action: 'make', key: entry, value: 'list' },
    { container: ['entries'], action: 'make', key: entry, value: 'text' },
    { container: ['entries'], action: 'set', key: entry, value: 'x' },
    { container: ['entries'], action: 'delete', key: undefined },
    { container: ['entries'], action: 'insert', value: 'x' },
    { container: record, action: 'delete', key: 'at' },
    { container: record, action: 'set', key: 'at', value: `${slot}:` },
    { container: record, action: 'set', key: 'item', value: `${item} ` },
    { container: record, action: 'make', key: 'item', value: 'map' },
    { container: ['entries', 'x'], action: 'set', key: 'at', value: slot },
    { container: [...record, 'at'], action: 'set', key: 'x', value: slot },
    { container: ['constructor'], action: 'set', key: 'name', value: 'x' },
    { container: ['other'], action: 'delete', key: 'x' },
  ]
  test('[DC2] [DC3] what an intent writes is permitted', () => {
    for (const operation of permitted) expect(isPermitted('playlist', operation), JSON.stringify(operation)).toBe(true)
  })
  test('[DC2] [DC3] anything else is not', () => {
    for (const operation of refused) expect(isPermitted('playlist', operation), JSON.stringify(operation)).toBe(false)
  })
  test('[DC2] a map of texts is no map of maps, a mark is true or false, and kinds have their own keys', () => {
    const device = samples.deviceId('d')
    const token = packedToken.pack({ epoch: 1, to: device })
    const set = (container: string, key: string, value: unknown): DocumentOperation => ({
      container: [container],
      action: 'set',
      key,
      value,
    })
    expect(isPermitted('playback', set('tokens', device, token))).toBe(true)
    expect(isPermitted('queue', set('tokens', device, token))).toBe(false)
    expect(isPermitted('playback', { container: ['tokens'], action: 'make', key: device, value: 'map' })).toBe(false)
    expect(isPermitted('root', set('libraryShards', '16', true))).toBe(true)
    expect(isPermitted('root', set('libraryShards', '16', 'true'))).toBe(false)
    expect(isPermitted('root', set('libraryShards', '17', true))).toBe(false)
  })
  test('[DC2] every kind has a shape, with the version as a constant', () => {
    for (const kind of documentKinds) expect(documentShapes[kind].fields['v']).toEqual({ kind: 'constant' })
  })
})

describe('packed values', () => {
  const reference = samples.trackReference('t', { isrc: 'USABC1234567' })
  const bare = samples.trackReference('t', { release: { title: '' }, credits: [] })
  const device = samples.deviceId('d')
  const saved = { savedAt: samples.anInstant, serverId: samples.aServer }
  const credits = reference.credits
  const values = [
    ['playlistEntry', packedPlaylistEntry, { track: reference, by: samples.anAccount, addedAt: samples.anInstant }],
    ['cover', packedCover, { kind: 'entry', entry }],
    ['cover', packedCover, { kind: 'picture', serverId: samples.aServer, coverId: parseChunkId('0'.repeat(64)) }],
    ['queueEntry', packedQueueEntry, { track: bare, origin: 'context', contextOrder: 3 }],
    ['context', packedContext, { kind: 'tracks' }],
    ['context', packedContext, { kind: 'release', id: parseReleaseId('r'.repeat(26)) }],
    ['context', packedContext, { kind: 'artist', id: parseArtistId('r'.repeat(26)) }],
    ['context', packedContext, { kind: 'playlist', id: samples.entryId('r') }],
    ['token', packedToken, { epoch: 7, to: device }],
    ['anchor', packedAnchor, { epoch: 7, positionMs: parseDurationMs(1), at: samples.anInstant, rate: 1 }],
    [
      'anchor',
      packedAnchor,
      { epoch: 0, positionMs: parseDurationMs(0), at: samples.anInstant, rate: 0, entry: samples.queueEntryId('e') },
    ],
    ['play', packedPlay, { track: reference, startedAt: samples.anInstant, playedMs: parseDurationMs(5) }],
    ['savedTrack', packedTrack, { savedAt: samples.anInstant, track: reference }],
    ['savedRelease', packedRelease, { ...saved, releaseId: parseReleaseId('r'.repeat(26)), title: 'T', credits }],
    [
      'savedRelease',
      packedRelease,
      {
        ...saved,
        releaseId: parseReleaseId('r'.repeat(26)),
        title: '"\\\n😀',
        credits,
        year: 1999,
        coverId: parseChunkId('f'.repeat(64)),
      },
    ],
    ['savedArtist', packedArtist, { ...saved, artistId: parseArtistId('r'.repeat(26)), name: 'N' }],
    ['item', packedItem, { kind: 'folder' }],
    ['item', packedItem, { kind: 'playlist', collection: 'c'.repeat(52), document: 'd'.repeat(52) }],
  ] as const
  test.each(values)(
    '[DC3] [DC4] a packed %s is read as it was written, and only in the one way of writing',
    (format, packed, value) => {
      const text = packed.pack(value as never)
      expect(packed.unpack(text)).toEqual(value)
      expect(textFormats[format](text)).toBe(true)
      for (const other of [
        ` ${text}`,
        `${text.slice(0, -1)},1]`,
        text.replace('[', '[ '),
        text.slice(0, -1),
        `[${text}]`,
      ])
        expect(textFormats[format](other), other).toBe(false)
    },
  )
  test.each(values)(
    '[DC4] a %s with any of its fields altered is another value or none, and never throws',
    (_format, packed, value) => {
      const fields = JSON.parse(packed.pack(value as never)) as unknown[]
      for (let index = 0; index < fields.length; index += 1)
        for (const other of [null, -1, 1.5, 1e300, true, 'x', '\ud800', [], [[]], {}, 'x'.repeat(9_000)]) {
          const text = JSON.stringify(fields.with(index, other))
          if (text === packed.pack(value as never)) continue
          if (packed.isPacked(text)) expect(packed.unpack(text)).not.toEqual(value)
        }
      for (const nonsense of ['', 'x', '{}', 'null', '[]', '[null]', '[[[[[['])
        expect(packed.unpack(nonsense)).toBeUndefined()
    },
  )
})
