import 'fake-indexeddb/auto'
import { foldText } from '@tonestead/search-index/fold'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import type { ApiRequest } from '../server/send-signed.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import type { ServerId } from '@tonestead/crdt/ids'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { aServer, createTestPlaylists } from '../playlists/playlists.testkit.ts'
import * as savedChanges from '../saved/change-saved.ts'
import { createSavedMusic } from '../saved/create-saved-music.ts'
import type { Answer } from '../server/answer.ts'
import { createSearch } from './create-search.ts'
import { createUnavailablePlaylists } from '../playlists/unavailable-playlists.ts'
import type { SavedView } from '../saved/saved-music.ts'
import { createDeviceIndex } from './device-index.ts'
import { createOwnSource, type OwnSourceDeps } from './own/own-source.ts'
import type { Search } from './search.ts'
import { createTestBrowser, documentOf, snapshotOf } from './search-thread.testkit.ts'

/** Long enough for a slow machine. */
const soon = { timeout: 20_000 }
const titles = ['Amber Night', 'Amber Noon', 'Blue Morning', 'Crimson Noon']
const onServer = createSearchIndex(
  [...titles, 'Amber Server'].map((title, index) => documentOf('track', `t${index}`, title)),
)

/** Answers as the server's routes, with the real index. */
const serverAnswer = ({ path, query }: ApiRequest): Answer<unknown> => {
  const { q = '', limit = '10', kinds, cursor } = query ?? {}
  if (path === '/api/search/suggestions') return { kind: 'ready', value: { items: onServer.suggest({ text: q }) } }
  const offset = Number(cursor ?? 0)
  const { groups, ...rest } = onServer.search({
    text: q,
    limit: Number(limit),
    offset,
    kinds: kinds === undefined ? undefined : [kinds as 'track'],
  })
  const paged = Object.entries(groups).map(([kind, { hits, hasMore }]) => [
    kind,
    { hits, next: hasMore ? String(offset + Number(limit)) : undefined },
  ])
  return { kind: 'ready', value: { ...rest, groups: Object.fromEntries(paged), sequence: 7 } }
}

const nothingOwn: Pick<OwnSourceDeps, 'saved' | 'playlists'> = {
  saved: {
    view: createCell<SavedView>({ kind: 'unavailable', reason: 'not-supported' }),
    serverId: createCell(undefined),
    start: () => undefined,
  },
  playlists: createUnavailablePlaylists('not-supported'),
}

const createWorld = async ({
  hasIndex = false,
  hasWorkers = true,
  own = nothingOwn,
}: {
  hasIndex?: boolean
  hasWorkers?: boolean
  own?: Pick<OwnSourceDeps, 'saved' | 'playlists'>
} = {}) => {
  const clock = createManualClock()
  const isOnline = createCell(true)
  const browser = await createTestBrowser()
  if (hasIndex)
    await browser.store.replace({
      serverId: 's',
      audience: 'everyone',
      fetchedAtMs: 1,
      bytes: snapshotOf(
        titles.map((title, index) => documentOf('track', `t${index}`, title)),
        5,
      ),
    })
  const requests: ApiRequest[] = []
  const server: { answer: (request: ApiRequest) => Promise<Answer<unknown>> | Answer<unknown> } = {
    answer: serverAnswer,
  }
  const client = {
    request: async (request: ApiRequest) => (
      requests.push(request),
      request.signal.throwIfAborted(),
      server.answer(request)
    ),
  } as unknown as SignedClient
  const values = createMemoryValueStore()
  const device = createDeviceIndex({
    startWorker: () => (hasWorkers ? browser.startWorker() : undefined),
    server: { known: async () => ({ id: 's' }) as never },
    clock,
    log: silentLog,
    isTooLarge: async () => false,
  })
  const seen: { watched: boolean[]; sequences: number[] } = { watched: [], sequences: [] }
  const create = (): Search =>
    createSearch({
      device,
      own: createOwnSource({ worker: device.worker, ...own, clock, log: silentLog }),
      client,
      values,
      isOnline,
      clock,
      log: silentLog,
      loadFold: async () => foldText,
      onWatched: (is) => void seen.watched.push(is),
      onSequence: (sequence) => void seen.sequences.push(sequence),
    })
  const search = create()
  await device.open()
  const type = (text: string): void => search.setQuery({ text, filters: {} })
  const visibleTitles = (): readonly string[] => {
    const view = search.view.get()
    return view.kind === 'found' ? view.result.groups.track.hits.map(({ title }) => title) : []
  }
  const searchedTexts = (): readonly string[] =>
    requests.filter(({ path }) => path === '/api/search').map(({ query }) => query?.['q'] ?? '')
  const from = (): string | undefined => {
    const view = search.view.get()
    return view.kind === 'found' && view.isSettled ? view.result.from : undefined
  }
  return { clock, isOnline, requests, server, search, create, type, visibleTitles, searchedTexts, from, seen, device }
}

describe('with an index on the device', () => {
  test('the device is searched at every keystroke, the server after a pause; both make one result', async () => {
    const world = await createWorld({ hasIndex: true })
    for (const text of ['a', 'am', 'amb']) {
      world.type(text)
      await expect.poll(world.visibleTitles, soon).toEqual(['Amber Night', 'Amber Noon'])
    }
    expect(world.searchedTexts()).toEqual([])
    await world.clock.advance(119)
    expect(world.searchedTexts()).toEqual([])
    await world.clock.advance(1)
    await expect.poll(world.from, soon).toBe('both')
    expect(world.searchedTexts()).toEqual(['amb'])
    expect(world.visibleTitles().toSorted()).toEqual(['Amber Night', 'Amber Noon', 'Amber Server'])
    expect(world.seen.sequences).toEqual([7])
    expect(world.requests.some(({ path }) => path.endsWith('suggestions'))).toBe(false)
    expect(world.search.suggestions.get().length).toBeGreaterThan(0)
  })
  test('without a network the device is searched alone, with typos, and the server when it is back', async () => {
    const world = await createWorld({ hasIndex: true })
    world.isOnline.set(false)
    world.type('crimsn')
    await expect.poll(world.from, soon).toBe('device')
    expect(world.visibleTitles()).toEqual(['Crimson Noon'])
    await world.clock.advance(1_000)
    expect(world.requests).toEqual([])
    world.isOnline.set(true)
    await expect.poll(world.from, soon).toBe('both')
  })
  test('the result of the device is shown when the server fails', async () => {
    const world = await createWorld({ hasIndex: true })
    world.server.answer = () => ({ kind: 'problem', code: 'internal', title: 'failed' })
    world.type('amber')
    await world.clock.advance(200)
    await expect.poll(world.from, soon).toBe('device')
  })
})

describe('without an index on the device', () => {
  test('the server is searched at once, but only after a pause when keystrokes follow quickly', async () => {
    const world = await createWorld()
    world.type('am')
    await expect.poll(world.from, soon).toBe('server')
    await world.clock.advance(200)
    for (const text of ['amb', 'ambe', 'amber']) world.type(text)
    await world.clock.advance(200)
    await expect.poll(world.from, soon).toBe('server')
    expect(world.searchedTexts()).toEqual(['am', 'amb', 'amber'])
    await expect.poll(() => world.search.suggestions.get().length, soon).toBeGreaterThan(0)
  })
  test('shows that it is offline, and searches again when the server is back', async () => {
    const world = await createWorld({ hasWorkers: false })
    expect(world.search.deviceIndex.get()).toEqual({ kind: 'unavailable' })
    world.isOnline.set(false)
    world.server.answer = () => ({ kind: 'offline' })
    world.type('amber')
    await expect
      .poll(() => world.search.view.get(), soon)
      .toMatchObject({ kind: 'failed', failure: { kind: 'offline' } })
    world.server.answer = serverAnswer
    world.isOnline.set(true)
    await expect.poll(world.from, soon).toBe('server')
  })
  test('blank text makes the view idle and cancels the search', async () => {
    const world = await createWorld()
    world.type('amber')
    world.type('  ')
    await world.clock.advance(500)
    expect(world.search.view.get()).toEqual({ kind: 'idle' })
    expect(world.search.suggestions.get()).toEqual([])
  })
})

describe('the account’s own', () => {
  const withPlaylist = async (title: string) => {
    const { documents, playlists } = createTestPlaylists()
    const saved = createSavedMusic({
      loadChanges: () => Promise.resolve(savedChanges),
      documents,
      serverId: createCell<ServerId | undefined>(aServer),
      clock: createManualClock(),
      random: createSeededRandom(1),
    })
    await playlists.create({ title })
    return { playlists, saved }
  }
  const playlistTitles = ({ search }: { readonly search: Search }): readonly string[] => {
    const view = search.view.get()
    return view.kind === 'found' ? view.result.groups.playlist.hits.map(({ title }) => title) : []
  }
  const watch = async ({ search, clock }: Awaited<ReturnType<typeof createWorld>>): Promise<void> => {
    search.view.subscribe(() => undefined)
    await clock.advance(200)
  }

  test('[OS4] [OS6] it joins the result of the catalog when it is there, for the query that is on the screen', async () => {
    const world = await createWorld({ own: await withPlaylist('Amber Evenings') })
    world.type('amber')
    await world.clock.advance(200)
    await expect.poll(world.from, soon).toBe('server')
    expect(playlistTitles(world)).toEqual([])
    await watch(world)
    await expect.poll(() => playlistTitles(world), soon).toEqual(['Amber Evenings'])
    expect(world.visibleTitles()).toContain('Amber Night')
    await expect
      .poll(() => world.search.suggestions.get().map(({ text }) => text.toLowerCase()), soon)
      .toContain('amber evenings')
  })
  test('[OS1] [OS6] it is found without a server and without an index of the catalog; nothing found there is a failure', async () => {
    const world = await createWorld({ own: await withPlaylist('Amber Evenings') })
    world.isOnline.set(false)
    world.server.answer = () => ({ kind: 'offline' })
    await watch(world)
    world.type('amebr evenigns')
    await world.clock.advance(200)
    await expect.poll(() => playlistTitles(world), soon).toEqual(['Amber Evenings'])
    await expect.poll(world.from, soon).toBe('own')
    world.type('qqqq')
    await world.clock.advance(200)
    await expect
      .poll(() => world.search.view.get(), soon)
      .toMatchObject({ kind: 'failed', failure: { kind: 'offline' } })
  })
  test('[OS7] with the filter for the library nothing else is searched', async () => {
    const world = await createWorld({ hasIndex: true, own: await withPlaylist('Amber Evenings') })
    world.search.setQuery({ text: 'amber', filters: { isInLibrary: true } })
    expect(world.search.view.get().kind).toBe('searching')
    await watch(world)
    await expect.poll(() => playlistTitles(world), soon).toEqual(['Amber Evenings'])
    expect(world.visibleTitles()).toEqual([])
    expect(world.requests).toEqual([])
    expect(world.from()).toBe('own')
  })
  test('[OS6] documents that this browser does not keep change nothing, and fail only what asks for them alone', async () => {
    const world = await createWorld({ hasIndex: true })
    await watch(world)
    world.type('amber')
    await world.clock.advance(200)
    await expect.poll(world.from, soon).toBe('both')
    world.search.setQuery({ text: 'amber', filters: { isInLibrary: true } })
    await expect
      .poll(() => world.search.view.get(), soon)
      .toMatchObject({ kind: 'failed', failure: { kind: 'problem', code: 'documents-unavailable' } })
  })
})

test('further pages start where the result ended, without duplicates', async () => {
  const many = Array.from({ length: 130 }, (_, index) => documentOf('track', `m${index}`, `Amber ${index}`))
  const world = await createWorld({ hasIndex: false })
  const index = createSearchIndex(many)
  world.server.answer = ({ query }) => {
    const offset = Number(query?.['cursor'] ?? 0)
    const limit = Number(query?.['limit'])
    const { groups } = index.search({ text: query?.['q'] ?? '', limit, offset })
    return {
      kind: 'ready',
      value: {
        groups: {
          ...groups,
          track: { hits: groups.track.hits, next: groups.track.hasMore ? String(offset + limit) : undefined },
        },
        isCut: false,
        sequence: 1,
      },
    }
  }
  world.search.setQuery({ text: 'amber', kind: 'track', filters: {} })
  await expect.poll(() => world.visibleTitles().length, soon).toBe(50)
  const beginning = world.visibleTitles()
  world.search.loadMore('track')
  world.search.loadMore('track')
  await expect.poll(() => world.visibleTitles().length, soon).toBe(100)
  expect(world.visibleTitles().slice(0, 50)).toEqual(beginning)
  world.search.loadMore('track')
  await expect.poll(() => world.visibleTitles().length, soon).toBe(130)
  expect(new Set(world.visibleTitles()).size).toBe(130)
  expect(world.search.view.get()).toMatchObject({ result: { groups: { track: { hasMore: false } } } })
})

test('with any typing and any delays the view ends with the result of the last text, and never shows another as its result', async () => {
  const keys = fc.record({
    text: fc.constantFrom('a', 'am', 'amber', 'blue', 'crimson noon', 'xyz'),
    waitMs: fc.constantFrom(0, 1, 60, 119, 120, 400),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(keys, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }),
      async (typed, hasIndex, latencies) => {
        const world = await createWorld({ hasIndex })
        let count = 0
        // An aborted request is answered too, as if the abort had come too late.
        world.server.answer = async (request) => {
          await world.clock.after(latencies[(count += 1) % latencies.length]!, new AbortController().signal)
          return serverAnswer(request)
        }
        for (const { text, waitMs } of typed) {
          world.type(text)
          await world.clock.advance(waitMs)
          const view = world.search.view.get()
          if (view.kind === 'found') expect(view.query.text).toBe(text)
        }
        await world.clock.advance(1_000)
        const expected = onServer.search({ text: typed.at(-1)!.text }).groups.track.hits.map(({ title }) => title)
        await expect.poll(world.from, soon).toBe(hasIndex ? 'both' : 'server')
        expect(world.visibleTitles().toSorted()).toEqual(expected.toSorted())
      },
    ),
    { numRuns: 25 },
  )
})

describe('recent searches', () => {
  test('are the newest ten, each once whatever its case and accents, and stay after a reload', async () => {
    const { search, create, requests } = await createWorld()
    for (let number = 0; number < 12; number += 1) search.remember(`number ${number}`)
    search.remember('  Beyoncé ')
    search.remember('beyonce')
    search.remember('   ')
    await expect.poll(() => search.recents.get().slice(0, 3), soon).toEqual(['beyonce', 'number 11', 'number 10'])
    expect(search.recents.get().length).toBe(10)
    const next = create()
    await expect.poll(() => next.recents.get(), soon).toEqual(search.recents.get())
    next.forget('BEYONCÉ')
    await expect.poll(() => next.recents.get()[0], soon).toBe('number 11')
    search.remember('in the other tab')
    await expect.poll(() => search.recents.get().slice(0, 2), soon).toEqual(['in the other tab', 'number 11'])
    search.forgetAll()
    await expect.poll(() => search.recents.get(), soon).toEqual([])
    expect(requests).toEqual([])
  })
})

test('the first subscriber and the end of the last one are reported once', async () => {
  const { search, seen } = await createWorld()
  const stops = [search.view.subscribe(() => undefined), search.view.subscribe(() => undefined)]
  stops.forEach((stop) => stop())
  expect(seen.watched).toEqual([true, false])
})
