import fc from 'fast-check'
import type { DocumentKind } from '../documents/document-kind.ts'
import type { Intents } from '../documents/documents.ts'
import { parseArtistId, parseReleaseId, type EntryId, type IntentId, type QueueEntryId } from '../ids.ts'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import { savedKey } from '../library/saved-key.ts'
import type { Place } from '../slots/place.ts'
import { slotOf } from '../slots/slot-ids.ts'
import * as samples from './sample-values.testkit.ts'

// Random intents of every kind, over few ids, so that they meet.

const names = fc.constantFrom('p', 'q', 'r', 's', 't', 'u')
const manyNames = fc.uniqueArray(names, { maxLength: 4 })
const place = names.chain((name) =>
  fc.constantFrom<Place>({ kind: 'start' }, { kind: 'end' }, { kind: 'after', entry: samples.entryId(name) }),
)
const id = fc.nat(2 ** 30).map(samples.intentId)
const smallId = fc.nat(5).map(samples.intentId)
const text = fc.string({ maxLength: 8, unit: 'grapheme' }).map((each) => each.toWellFormed())
const entryIds = manyNames.map((many) => many.map(samples.entryId))
const queueIds = entryIds as fc.Arbitrary<readonly string[]> as fc.Arbitrary<readonly QueueEntryId[]>
const devices = fc.constantFrom('d', 'e', 'f').map(samples.deviceId)
const instant = fc.nat(2 ** 40).map(parseUnixMs)
const track = fc
  .record({ name: names, title: text, isrc: fc.option(fc.constant('USABC1234567'), { nil: undefined }) })
  .map(({ name, title, isrc }) => samples.trackReference(name, { title, ...(isrc === undefined ? {} : { isrc }) }))
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((each) => (each === undefined ? {} : { [key]: each }))
/** An intent of fixed parts and arbitrary ones. */
const intent = <K extends string>(
  kind: K,
  parts: Record<string, fc.Arbitrary<unknown>>,
  more: fc.Arbitrary<object>[] = [],
) =>
  fc
    .tuple(fc.record({ kind: fc.constant(kind), id, ...parts }), ...more)
    .map((all) => Object.assign({}, ...all) as never)
const several = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 3 })

const playlistEntries = manyNames.map((many) => many.map(samples.playlistEntry))
const cover = names.map((name) => ({ kind: 'entry', entry: samples.entryId(name) }))
const expected = <T>(value: fc.Arbitrary<T>) => optional('expected', optional('value', value))
const slots = fc.uniqueArray(
  fc.tuple(names, id).map(([name, by]) => slotOf(samples.entryId(name), by)),
  { maxLength: 3 },
)
const playlist = fc.oneof(
  intent('addEntries', { entries: playlistEntries, place }),
  intent('restoreEntries', { runs: several(fc.record({ entries: playlistEntries, place })) }),
  intent('moveEntries', { ids: entryIds, place }),
  intent('returnEntries', { runs: several(fc.record({ ids: entryIds, place })), movedBy: smallId }),
  intent('removeEntries', { ids: entryIds }),
  intent('replaceTracks', { tracks: several(fc.record({ id: names.map(samples.entryId), track })) }),
  intent('setTitle', {}, [optional('title', text), expected(text)]),
  intent('setDescription', {}, [optional('description', text), expected(text)]),
  intent('setCover', {}, [optional('cover', cover), expected(cover)]),
  intent('collectSlots', { slots }),
)

const item = fc.oneof(
  fc.constant({ item: { kind: 'folder' }, name: 'Folder' }),
  names.map((name) => ({
    item: { kind: 'playlist', collection: samples.padded(name, 52), document: samples.padded(name, 52) },
  })),
)
const items = several(fc.tuple(names, item).map(([name, each]) => ({ id: samples.entryId(name), ...each })))
const folder = optional('folder', names.map(samples.entryId))
const itemRuns = (key: string, value: fc.Arbitrary<unknown>) =>
  several(fc.tuple(fc.record({ [key]: value, place }), folder).map(([run, into]) => ({ ...run, ...into })))
const root = fc.oneof(
  intent('addItems', { items, place }, [folder]),
  intent('restoreItems', { runs: itemRuns('items', items) }),
  intent('moveItems', { ids: entryIds, place }, [folder]),
  intent('returnItems', { runs: itemRuns('ids', entryIds), movedBy: smallId }),
  intent('removeItems', { ids: entryIds }),
  intent('renameFolder', { folder: names.map(samples.entryId), name: text }, [optional('expected', text)]),
  intent('replaceItem', { entry: names.map(samples.entryId), item: item.map((each) => each.item) }),
  intent('nameDevice', { device: devices, name: text }),
  intent('forgetDevice', { device: devices }),
  intent('splitLibrary', { shards: fc.constantFrom(16, 256) }),
  intent('addHistoryMonth', { device: devices, month: fc.constantFrom('2026-10', '2026-11') }),
)

const queueStep = fc.oneof(
  fc.record({ kind: fc.constant('removeEntries'), ids: queueIds }),
  fc.record({
    kind: fc.constant('insertEntries'),
    entries: manyNames.map((many) => many.map((name, index) => samples.queueEntry(name, 'context', index))),
    place,
  }),
  fc.record({ kind: fc.constant('moveEntries'), ids: queueIds, place }),
  fc
    .tuple(fc.constant({ kind: 'setCurrent' }), optional('entry', names.map(samples.queueEntryId)))
    .map(([step, entry]) => ({ ...step, ...entry })),
  fc
    .tuple(
      fc.constant({ kind: 'setContext' }),
      optional('context', fc.constantFrom({ kind: 'tracks' }, { kind: 'release', id: parseReleaseId('r'.repeat(26)) })),
    )
    .map(([step, context]) => ({ ...step, ...context })),
  fc.record({ kind: fc.constant('setShuffle'), isShuffled: fc.boolean() }),
  fc.record({ kind: fc.constant('setRepeat'), repeat: fc.constantFrom('off', 'all', 'one') }),
)

/** Without the steps that name an entry or a setting of a step before them: those are refused. */
const consistent = (steps: readonly object[]): object[] => {
  const named = new Set<string>()
  return steps.filter((step) => {
    const { kind, ids, entries } = step as { kind: string; ids?: string[]; entries?: { id: string }[] }
    const all = ids ?? entries?.map((entry) => entry.id) ?? [kind]
    if (all.some((each) => named.has(each))) return false
    for (const each of all) named.add(each)
    return true
  })
}
const queueSteps = fc.array(queueStep, { maxLength: 5 }).map(consistent)

const saved = { savedAt: instant, serverId: fc.constant(samples.aServer) }
const releaseId = names.map((name) => parseReleaseId(samples.padded(name, 26)))
const library = fc.oneof(
  intent('saveTracks', { tracks: several(fc.record({ savedAt: instant, track })) }),
  intent('saveReleases', {
    releases: several(
      fc.record({ ...saved, releaseId, title: text, credits: fc.constant([]), year: fc.constant(1999) }),
    ),
  }),
  intent('saveArtists', {
    artists: several(
      fc.record({ ...saved, artistId: names.map((name) => parseArtistId(samples.padded(name, 26))), name: text }),
    ),
  }),
  intent('unsave', {
    section: fc.constantFrom('tracks', 'releases', 'artists'),
    keys: several(releaseId.map((each) => savedKey(samples.aServer, each))),
  }),
)

const epoch = fc.nat(4)
const anchor = fc.record({
  epoch,
  positionMs: fc.nat(300_000).map(parseDurationMs),
  at: instant,
  rate: fc.constantFrom(0 as const, 1 as const),
})
const play = fc.record({ track, startedAt: instant, playedMs: fc.nat(300_000).map(parseDurationMs) })

/** An intent of a kind. */
export const arbitraryIntents: { readonly [K in DocumentKind]: fc.Arbitrary<Intents[K]> } = {
  root,
  library,
  playlist,
  queue: fc.oneof(intent('changeQueue', { steps: queueSteps }), intent('adoptQueue', { steps: queueSteps })),
  playback: fc.oneof(
    intent('grantToken', { device: devices, token: fc.record({ epoch, to: devices }) }),
    intent('setAnchor', { device: devices, anchor }),
  ),
  history: fc.oneof(
    intent('addPlays', { plays: several(play) }),
    intent('removePlays', { keys: several(fc.constantFrom('0'.repeat(16))) }),
  ),
  settings: fc.oneof(
    intent('changeSettings', {
      values: fc.dictionary(fc.constantFrom('theme', 'quality', 'constructor'), fc.oneof(text, fc.boolean(), fc.nat())),
    }),
    intent('resetSettings', { names: several(fc.constantFrom('theme', 'quality', 'constructor')) }),
  ),
}

/** Kept short: entries are named by one letter. */
export const lettersOf = (ids: readonly string[]): string =>
  ids.map((each: EntryId | IntentId | string) => each.charAt(0)).join('')
