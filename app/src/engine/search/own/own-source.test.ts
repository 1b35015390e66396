import 'fake-indexeddb/auto'
import { parseArtistId, type EntryId, type ServerId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import type { LibraryDocument } from '@tonestead/crdt/library/library-document'
import { packedTrack } from '@tonestead/crdt/library/packed-saved'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import type { OwnPart } from '../../../ports/search-worker.ts'
import { createCell } from '../../cell.ts'
import { referenceOfTrack } from '../../library/reference-of-track.ts'
import { aServer, createTestPlaylists, otherServer } from '../../playlists/playlists.testkit.ts'
import { createUnavailablePlaylists } from '../../playlists/unavailable-playlists.ts'
import { aRelease, aTrack, catalogIdOf } from '../../saved/catalog-samples.testkit.ts'
import * as savedChanges from '../../saved/change-saved.ts'
import { createSavedMusic } from '../../saved/create-saved-music.ts'
import type { SavedView } from '../../saved/saved-music.ts'
import { createTestBrowser } from '../search-thread.testkit.ts'
import type { SearchQuery } from '../search.ts'
import { createOwnSource, partSize } from './own-source.ts'

const soon = { timeout: 20_000 }
const { signal } = new AbortController()

const createWorld = async () => {
  const clock = createManualClock()
  const { documents, playlists } = createTestPlaylists()
  const serverId = createCell<ServerId | undefined>(aServer)
  const saved = createSavedMusic({
    loadChanges: () => Promise.resolve(savedChanges),
    documents,
    serverId,
    clock,
    random: createSeededRandom(3),
  })
  const worker = (await createTestBrowser()).startWorker()
  const own = createOwnSource({ worker: () => worker, saved, playlists, clock, log: silentLog })
  own.setWatched(true)
  const untilFilled = async (): Promise<void> => {
    const before = own.state.get()
    await clock.advance(200)
    await expect.poll(() => own.state.get(), soon).not.toBe(before)
    expect(own.state.get().kind).toBe('ready')
  }
  const find = async (text: string, query: Partial<SearchQuery> = {}) => {
    const found = await own.search({ query: { text, filters: {}, ...query }, offset: 0, signal })
    return Object.values(found?.result.groups ?? {}).flatMap(({ hits }) => hits)
  }
  const names = async (text: string, query?: Partial<SearchQuery>): Promise<readonly string[]> =>
    (await find(text, query)).map(({ kind, title }) => `${kind} ${title}`)
  return { clock, playlists, saved, serverId, own, untilFilled, find, names }
}
const created = async (
  playlists: Awaited<ReturnType<typeof createWorld>>['playlists'],
  title: string,
  folder?: EntryId,
) => {
  const made = await playlists.create({ title, folder })
  if (made.kind !== 'created') throw new Error(made.kind)
  return made.id
}

test('[OS1] [OS2] a playlist is found by its title with a typo, its description and its folder', async () => {
  const { playlists, untilFilled, names, find } = await createWorld()
  const folder = await playlists.createFolder('Journeys')
  if (folder.kind !== 'created') throw new Error(folder.kind)
  const id = await created(playlists, 'Morning Coffee', folder.id)
  await playlists.describe(id, 'Slow songs for the kitchen')
  await untilFilled()
  for (const text of ['mornign cofee', 'kitchen', 'journeys', 'morn'])
    expect(await names(text)).toEqual(['playlist Morning Coffee'])
  expect((await find('coffee'))[0]?.id).toBe(id)
  expect(await names('something else')).toEqual([])
})

test('[OS1] [OS3] saved things are found with a typo; one of another server has its key as id', async () => {
  const { saved, serverId, untilFilled, names, find } = await createWorld()
  await saved.save({ section: 'tracks', track: aTrack('Silver River') }, signal)
  await saved.save({ section: 'releases', release: aRelease('Harbour Lights', { year: 1999 }) }, signal)
  serverId.set(otherServer)
  const lark = parseArtistId(catalogIdOf('Lark'))
  await saved.save({ section: 'artists', artist: { id: lark, name: 'Meadowlark' } }, signal)
  serverId.set(aServer)
  await untilFilled()
  expect(await names('silvr river')).toEqual(['track Silver River'])
  expect(await names('harbuor lights')).toEqual(['release Harbour Lights'])
  expect((await find('silver')).map(({ id }) => id)).toEqual([aTrack('Silver River').id])
  expect((await find('medowlark')).map(({ id }) => id)).toEqual([savedKey(otherServer, lark)])
  const years = { from: 1990, to: 1999 }
  expect(await names('harbour', { filters: { years, isInLibrary: true } })).toEqual(['release Harbour Lights'])
  expect(await names('harbour', { filters: { years: { from: 2000, to: 2009 } } })).toEqual([])
})

test('[OS5] changes are found a moment later, many of them by one new index, and nothing is followed unwatched', async () => {
  const { clock, playlists, own, untilFilled, names } = await createWorld()
  const id = await created(playlists, 'First')
  await untilFilled()
  let fills = 0
  own.state.subscribe(() => (fills += 1))
  await playlists.rename(id, 'Renamed')
  await created(playlists, 'Second')
  await untilFilled()
  expect(await names('renamed')).toEqual(['playlist Renamed'])
  expect(await names('second')).toEqual(['playlist Second'])
  expect(fills).toBe(1)
  own.setWatched(false)
  await playlists.rename(id, 'Unseen')
  await clock.advance(1_000)
  expect(await names('unseen')).toEqual([])
  own.setWatched(true)
  await untilFilled()
  expect(await names('unseen')).toEqual(['playlist Unseen'])
})

/** A shard with so many tracks. */
const shardOf = (count: number): LibraryDocument => ({
  v: 1,
  tracks: Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const track = referenceOfTrack(aTrack(`Harbour ${index}`), aServer)
      return [savedKey(aServer, track.trackId), packedTrack.pack({ track, savedAt: parseUnixMs(1) })]
    }),
  ),
  releases: {},
  artists: {},
})

test('[OS9] a large library is sent in parts; a change meanwhile begins anew, and then everything is found', async () => {
  const clock = createManualClock()
  const worker = (await createTestBrowser()).startWorker()
  const parts: OwnPart[] = []
  const fillOwn = (part: OwnPart) => {
    parts.push(part)
    // A change while the first part of the first index is under way.
    if (parts.length === 1) view.set({ kind: 'open', shards: [shardOf(partSize + 20)], isComplete: true })
    return parts.length === 1 ? clock.advance(1_000).then(() => worker.fillOwn(part)) : worker.fillOwn(part)
  }
  const view = createCell<SavedView>({ kind: 'open', shards: [shardOf(partSize + 10)], isComplete: true })
  const own = createOwnSource({
    worker: () => ({ ...worker, fillOwn }),
    saved: { view, serverId: createCell<ServerId | undefined>(aServer), start: () => undefined },
    playlists: createUnavailablePlaylists('not-supported'),
    ...{ clock, log: silentLog },
  })
  own.setWatched(true)
  await clock.advance(1_000)
  await expect.poll(() => own.state.get().kind, soon).toBe('ready')
  expect(parts.map(({ documents, isFirst, isLast }) => [documents.length, isFirst, isLast])).toEqual([
    [partSize, true, false],
    [partSize, true, false],
    [20, false, true],
  ])
  const found = await own.search({ query: { text: `harbour ${partSize + 15}`, filters: {} }, offset: 0, signal })
  expect(found?.result.groups.track.hits[0]?.title).toBe(`Harbour ${partSize + 15}`)
})

test('[OS6] without documents, or without a worker, it says that it is unavailable', async () => {
  const clock = createManualClock()
  const none = {
    view: createCell<SavedView>({ kind: 'unavailable', reason: 'not-supported' }),
    serverId: createCell(undefined),
    start: () => undefined,
  }
  const playlists = createUnavailablePlaylists('not-supported')
  const own = createOwnSource({ worker: () => undefined, saved: none, playlists, clock, log: silentLog })
  own.setWatched(true)
  await clock.advance(200)
  await expect.poll(() => own.state.get().kind, soon).toBe('unavailable')
  expect(await own.search({ query: { text: 'a', filters: {} }, offset: 0, signal })).toBeUndefined()
})

test('[OS8] suggestions are the titles of playlists, at most two', async () => {
  const { playlists, own, untilFilled } = await createWorld()
  for (const title of ['Night Drive', 'Night Shift', 'Night Owl']) await created(playlists, title)
  await untilFilled()
  const suggestions = await own.suggest('nigh', signal)
  expect(suggestions).toHaveLength(2)
  expect(suggestions.every(({ text }) => /^night /i.test(text))).toBe(true)
})

test('[OS3] [OS4] whatever was saved and typed, no hit comes twice and the best score is first', async () => {
  const { saved, playlists, untilFilled, own } = await createWorld()
  const words = ['amber', 'amble', 'ambers', 'night', 'knight']
  for (const [index, first] of words.entries()) {
    for (const second of words) {
      await saved.save({ section: 'tracks', track: aTrack(`${second} ${first}`) }, signal)
      if (index < 2) await created(playlists, `${first} ${second}`)
    }
  }
  await untilFilled()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...words, 'amebr', 'nihgt', 'a'), { minLength: 1, maxLength: 3 }),
      async (typed) => {
        const found = await own.search({ query: { text: typed.join(' '), filters: {} }, offset: 0, signal })
        for (const { hits } of Object.values(found?.result.groups ?? {})) {
          expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
          expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a))
        }
      },
    ),
    { numRuns: 40 },
  )
})
