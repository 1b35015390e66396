import 'fake-indexeddb/auto'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import type { Right, Session } from '@tonestead/protocol/auth'
import type { DocumentChange, SearchDocument } from '@tonestead/search-index/document'
import { describe, expect, test } from 'vitest'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import type { TabLock } from '../../ports/tab-lock.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import type { Answer } from '../server/answer.ts'
import { createDeviceIndex } from './device-index.ts'
import { createIndexSync } from './index-sync.ts'
import { createTestBrowser, documentOf, type TestBrowser } from './search-thread.testkit.ts'

/** Long enough for a slow machine. */
const soon = { timeout: 20_000 }
const never = new AbortController().signal

/** A server: a catalog with its history of changes. */
const createServer = () => {
  const history: DocumentChange[] = []
  const counts = { snapshots: 0, pages: 0 }
  const server = {
    id: 's',
    pageSize: 500,
    /** Changes up to here are forgotten. */
    forgotten: 0,
    isTooLarge: false,
    isUnready: 0,
    damages: 0,
    counts,
    put: (...documents: readonly SearchDocument[]) =>
      void history.push(...documents.map((document) => ({ change: 'put' as const, document }))),
    remove: (id: string) => void history.push({ change: 'remove', kind: 'track', id }),
    snapshot: (): Answer<Uint8Array<ArrayBuffer>> => {
      counts.snapshots += 1
      if (server.isTooLarge) return { kind: 'problem', code: 'catalog-too-large', title: 'too large' }
      server.isUnready -= 1
      if (server.isUnready >= 0) return { kind: 'problem', code: 'not-ready', title: 'not ready' }
      const index = createSearchIndex([])
      index.apply(history)
      const bytes = createSearchIndex(index.documents()).snapshot(history.length)
      if (server.damages > 0) bytes[100]! ^= 1
      server.damages -= 1
      return { kind: 'ready', value: bytes }
    },
    changes: (after: number): Answer<unknown> => {
      counts.pages += 1
      const isTooOld = after < server.forgotten || after > history.length
      const items = isTooOld ? [] : history.slice(after, after + server.pageSize)
      return {
        kind: 'ready',
        value: {
          items,
          last: after + items.length,
          isLast: isTooOld || after + items.length === history.length,
          isTooOld,
        },
      }
    },
  }
  return server
}
type Server = ReturnType<typeof createServer>

const createLock = (): TabLock => {
  let last: Promise<unknown> = Promise.resolve()
  return (_name, _signal, work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}

type Tab = {
  readonly browser: TestBrowser
  readonly server: Server
  readonly lock: TabLock
  readonly tooLarge: { is: boolean }
}
const openTab = (
  { browser, server, lock, tooLarge }: Tab,
  options: { wrap?: Parameters<TestBrowser['startWorker']>[0] } = {},
) => {
  const clock = createManualClock()
  const session = createCell<Session | undefined>(undefined)
  const setRights = (rights: readonly Right[]): void =>
    session.set({ token: '', expiresAt: 0, serverTime: 0, account: '', device: '', rights: [...rights] })
  const network = { isThere: true, isVisible: true }
  const gone = { kind: 'offline' } as const
  const client = {
    session,
    connect: async () => (session.get() === undefined ? gone : { kind: 'ready', value: session.get() }),
    download: async () => (network.isThere ? server.snapshot() : gone),
  } as unknown as SignedClient
  const isOnline = createCell(true)
  const known = async () => ({ id: server.id }) as never
  const startWorker = () => browser.startWorker(options.wrap)
  const device = createDeviceIndex({
    startWorker,
    server: { known },
    clock,
    log: silentLog,
    isTooLarge: async () => tooLarge.is,
  })
  const compactions = { count: 0 }
  const sync = createIndexSync({
    device,
    client,
    server: { known, isOnline },
    clock,
    log: silentLog,
    lock,
    requestChanges: async (after) => (network.isThere ? server.changes(after) : gone),
    isVisible: () => network.isVisible,
    setTooLarge: async (is) => void (tooLarge.is = is),
    startCompactor: () => ((compactions.count += 1), browser.startWorker()),
  })
  setRights(['listen'])
  const titles = async (text: string) =>
    (await device.search({ text, limit: 10, offset: 0, filters: {} }, never))?.groups.track.hits.map(
      ({ title }) => title,
    )
  return { clock, device, sync, network, isOnline, setRights, titles, compactions, state: () => device.state.get() }
}

const createWorld = async () => {
  const server = createServer()
  server.put(documentOf('track', 'a', 'Amber Night'), documentOf('track', 'b', 'Blue Morning'))
  return { browser: await createTestBrowser(), server, lock: createLock(), tooLarge: { is: false } }
}

describe('the index', () => {
  test('is fetched after start, and not before', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.sync.sync()
    await tab.clock.advance(1_000)
    expect(world.server.counts.snapshots).toBe(0)
    tab.sync.start()
    await expect.poll(tab.state, soon).toEqual({ kind: 'ready', scope: 'catalog', tracks: 2, sequence: 2 })
    expect(await tab.titles('ambr')).toEqual(['Amber Night'])
    const next = openTab(world)
    next.network.isThere = false
    next.sync.start()
    await expect.poll(next.state, soon).toMatchObject({ kind: 'ready', tracks: 2 })
    expect(world.server.counts.snapshots).toBe(1)
  })
  test('fetches changes every minute while the page is visible, page by page', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(tab.state, soon).toMatchObject({ kind: 'ready' })
    world.server.pageSize = 2
    for (const id of ['c', 'd', 'e', 'f', 'g']) world.server.put(documentOf('track', id, `New ${id}`))
    world.server.remove('a')
    tab.network.isVisible = false
    await tab.clock.advance(60_000)
    expect(tab.state()).toMatchObject({ sequence: 2 })
    tab.network.isVisible = true
    await tab.clock.advance(60_000)
    await expect.poll(tab.state, soon).toEqual({ kind: 'ready', scope: 'catalog', tracks: 6, sequence: 8 })
    expect(await tab.titles('amber')).toEqual([])
    expect(world.server.counts).toEqual({ snapshots: 1, pages: 4 })
  })
  test('is fetched again when the server no longer has its changes, when the server is another one, and when rights change', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(tab.state, soon).toMatchObject({ sequence: 2 })
    world.server.put(documentOf('track', 'c', 'Crimson'))
    world.server.forgotten = 3
    tab.sync.sync()
    await expect.poll(tab.state, soon).toMatchObject({ sequence: 3, tracks: 3 })
    tab.setRights([])
    tab.sync.sync()
    await expect.poll(() => world.server.counts.snapshots, soon).toBe(3)
    await expect.poll(async () => (await world.browser.store.head())?.audience, soon).toBe('everyone')
    world.server.id = 't'
    const next = openTab(world)
    next.setRights([])
    next.sync.start()
    await expect.poll(async () => (await world.browser.store.head())?.serverId, soon).toBe('t')
  })
  test('is fetched again after some days, because changes do not contain popularity', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(tab.state, soon).toMatchObject({ kind: 'ready' })
    tab.network.isVisible = false
    world.server.put(documentOf('track', 'c', 'Crimson'))
    tab.clock.setBack(-4 * 86_400_000)
    tab.sync.sync()
    await expect.poll(() => world.server.counts.snapshots, soon).toBe(2)
    await expect.poll(tab.state, soon).toMatchObject({ sequence: 3 })
  })
  test('is fetched at a later sync when the server was still building it', async () => {
    const world = await createWorld()
    world.server.isUnready = 2
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(() => world.server.counts.snapshots, soon).toBe(1)
    await expect.poll(async () => (await tab.clock.advance(60_000), tab.state().kind), soon).toBe('ready')
    expect(world.server.counts.snapshots).toBe(3)
  })
  test('is refused when it was damaged in transfer, and requested again later', async () => {
    const world = await createWorld()
    world.server.damages = 1
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(() => world.server.counts.snapshots, soon).toBe(1)
    await expect.poll(tab.state, soon).toEqual({ kind: 'absent' })
    await tab.clock.advance(60_000)
    await expect.poll(tab.state, soon).toMatchObject({ kind: 'ready' })
  })
  test('is compacted after many changes', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(tab.state, soon).toMatchObject({ kind: 'ready' })
    world.server.put(...Array.from({ length: 600 }, (_, index) => documentOf('track', `n${index}`, `New ${index}`)))
    tab.sync.sync()
    await expect.poll(tab.state, soon).toMatchObject({ tracks: 602, sequence: 602 })
    await expect.poll(async () => (await world.browser.store.read())?.changes.length, soon).toBe(0)
    expect(tab.compactions.count).toBe(1)
    await expect.poll(() => tab.device.stored(), soon).toMatchObject({ pending: 0, sequence: 602 })
  })
})

describe('several tabs', () => {
  test('fetch and write once; the other tabs open what one wrote', async () => {
    const world = await createWorld()
    const [one, two] = [openTab(world), openTab(world)]
    one.sync.start()
    two.sync.start()
    for (const tab of [one, two]) await expect.poll(tab.state, soon).toMatchObject({ kind: 'ready', sequence: 2 })
    expect(world.server.counts.snapshots).toBe(1)
    world.server.put(documentOf('track', 'c', 'Crimson'))
    one.sync.sync()
    for (const tab of [one, two]) await expect.poll(tab.state, soon).toMatchObject({ sequence: 3 })
    expect(await two.titles('crimson')).toEqual(['Crimson'])
  })
  test('continue from what another tab wrote when that was faster', async () => {
    const world = await createWorld()
    const apart = { ...world, lock: createLock() }
    const [one, two] = [openTab(world), openTab(apart)]
    one.sync.start()
    await expect.poll(one.state, soon).toMatchObject({ kind: 'ready' })
    two.sync.start()
    await expect.poll(two.state, soon).toMatchObject({ kind: 'ready' })
    world.server.put(documentOf('track', 'c', 'Crimson'))
    one.sync.sync()
    two.sync.sync()
    for (const tab of [one, two]) await expect.poll(tab.state, soon).toMatchObject({ sequence: 3, tracks: 3 })
  })
})

describe('without an index', () => {
  test('because the catalog is too large, the index of what was opened or played is used, and the size is checked once per visit', async () => {
    const world = await createWorld()
    world.server.isTooLarge = true
    const tab = openTab(world)
    tab.sync.start()
    await expect.poll(tab.state, soon).toEqual({ kind: 'ready', scope: 'touched', tracks: 0, sequence: 0 })
    await tab.clock.advance(180_000)
    expect(world.server.counts.snapshots).toBe(1)
    const next = openTab(world)
    await next.device.open()
    expect(next.state()).toMatchObject({ scope: 'touched' })
    world.server.isTooLarge = false
    next.sync.start()
    await expect.poll(next.state, soon).toMatchObject({ scope: 'catalog', tracks: 2 })
    expect(world.tooLarge.is).toBe(false)
  })
  test('because the disk is full, the state is unavailable', async () => {
    const world = await createWorld()
    const full = (): Promise<never> => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    const tab = openTab(world, { wrap: (store) => ({ ...store, replace: full }) })
    tab.sync.start()
    await expect.poll(tab.state, soon).toEqual({ kind: 'unavailable' })
    expect(tab.device.mayAnswer()).toBe(false)
    await tab.clock.advance(120_000)
    expect(world.server.counts.snapshots).toBe(1)
  })
  test('the stored index stays when the server cannot be reached', async () => {
    const world = await createWorld()
    const tab = openTab(world)
    tab.network.isThere = false
    tab.isOnline.set(false)
    tab.sync.start()
    await tab.clock.advance(120_000)
    expect(tab.state()).toEqual({ kind: 'absent' })
  })
})
