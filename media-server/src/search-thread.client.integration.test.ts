import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { openSearchIndex } from '@tonestead/search-index/search-index'
import { pino } from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { exposePort } from './platform/process/remote-port.ts'
import { openDatabaseThread } from './database-thread.client.ts'
import { systemClock } from './platform/system-clock.ts'
import type { Audience } from '@tonestead/protocol/audience'
import { creditOf, publicationOf } from './ports/publication.testkit.ts'
import type { SearchSource } from './ports/search-source.ts'
import { startSearchThread } from './search-thread.client.ts'
import { dayOf } from './search/popularity.ts'
import { createSearchGateway } from './search/search-gateway.ts'

const root = await mkdtemp(join(tmpdir(), 'tonestead-search-'))
const opened: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of opened) await close()
  await rm(root, { recursive: true, force: true })
})

const never = new AbortController().signal
const at = parseUnixMs(1_700_000_000_000)
const polling = { timeout: 40_000, interval: 20 }

/** A real catalog and a real search thread on it. The thread's calls of the catalog are recorded and can be made to fail. */
const openWorld = async (data: string) => {
  const database = await openDatabaseThread({
    path: join(data, 'catalog.sqlite'),
    instanceKey: new Uint8Array(32),
    idSecret: new Uint8Array(32),
    at: 1,
  })
  const calls: string[] = []
  let isFailing = false
  const logged: string[] = []
  const logger = pino({}, { write: (line: string) => void logged.push(line) })
  const watched = new Proxy(database.search, {
    get:
      (port, method: keyof SearchSource) =>
      (...args: never[]) => {
        calls.push(method)
        if (isFailing) throw new Error('the catalog fails')
        return (port[method] as (...all: never[]) => unknown)(...args)
      },
  })
  const searchChannel = () => {
    const { port1, port2 } = new MessageChannel()
    exposePort(port1, 'search', watched)
    port1.unref()
    return port2
  }
  const thread = startSearchThread({ dataFolder: data, searchChannel, clock: systemClock, logger })
  const gateway = createSearchGateway({ thread, source: database.search, clock: systemClock })
  const titles = async (text: string, audience: Audience = 'listeners') => {
    const { answer } = await gateway.search({ text }, audience, never)
    return Object.values(answer.groups).flatMap((group) => group.hits.map((hit) => `${hit.kind} ${hit.title}`))
  }
  const close = async () => {
    await thread.stop()
    await database.close()
  }
  opened.push(close)
  return {
    ...database,
    gateway,
    calls,
    logged,
    titles,
    untilOpen: () => expect.poll(() => gateway.health().kind, polling).toBe('open'),
    untilFound: (text: string, expected: readonly string[], audience?: Audience) =>
      expect.poll(async () => (await titles(text, audience)).toSorted(), polling).toEqual(expected.toSorted()),
    setFailing: (value: boolean) => {
      isFailing = value
    },
    close,
  }
}
let count = 0
const newFolder = async () => mkdtemp(join(root, `${(count += 1)}-`))
const song = publicationOf({ title: 'Harvest Moon', release: 'Lunar', artist: 'Neil', isPublic: true })

describe('the search thread', () => {
  it('finds what is published or changed, and no longer what is withdrawn, without being told to update', async () => {
    const world = await openWorld(await newFolder())
    await world.untilOpen()
    expect(await world.titles('harvest')).toEqual([])
    await world.catalog.publish(song, at)
    await world.untilFound('harvest', ['track Harvest Moon'])
    await world.untilFound('neil', ['track Harvest Moon', 'release Lunar', 'artist Neil'])
    await world.catalog.publish(
      { ...song, track: { ...song.track, title: 'Winter Sun' }, release: { ...song.release, title: 'Solar' } },
      at,
    )
    await world.untilFound('winter', ['track Winter Sun'])
    expect(await world.titles('harvest lunar')).toEqual([])
    await world.catalog.withdraw(song.track.id, at)
    await world.untilFound('neil', [])
    expect(world.logged).toEqual([])
  })

  it('opens its file after a restart and applies the changes since', async () => {
    const data = await newFolder()
    const first = await openWorld(data)
    await first.catalog.publish(song, at)
    await first.untilOpen()
    await first.untilFound('harvest', ['track Harvest Moon'])
    await first.close()
    const between = await openDatabaseThread({
      path: join(data, 'catalog.sqlite'),
      instanceKey: new Uint8Array(32),
      idSecret: new Uint8Array(32),
      at: 1,
    })
    await between.catalog.publish(publicationOf({ title: 'Old Man', release: 'Early', artist: 'Neil' }), at)
    await between.close()
    const second = await openWorld(data)
    await second.untilOpen()
    expect((await second.titles('neil')).toSorted()).toEqual([
      'artist Neil',
      'release Early',
      'release Lunar',
      'track Harvest Moon',
      'track Old Man',
    ])
    expect(second.calls).not.toContain('page')
    expect(second.logged).toEqual([])
  })

  it('builds the index again, and logs it, when its file is damaged or belongs to another catalog', async () => {
    const data = await newFolder()
    const first = await openWorld(data)
    await first.catalog.publish(song, at)
    await first.untilOpen()
    await first.close()
    const path = join(data, 'search', 'listeners.index')
    const bytes = await readFile(path)
    const other = await newFolder()
    const elsewhere = await openWorld(other)
    await elsewhere.untilOpen()
    await elsewhere.close()
    const stored = await readFile(join(other, 'search', 'listeners.index'))
    const wrong = Buffer.from(stored)
    wrong.write(wrong.subarray(0, 512).toString().replace('"sequence":0', '"sequence":2'))
    const damages: Record<string, Buffer> = {
      'a byte of the index': Buffer.from(bytes.map((byte, index) => (index === bytes.length - 9 ? byte ^ 1 : byte))),
      'the header': Buffer.from(bytes.map((byte, index) => (index === 0 ? 0 : byte))),
      cut: bytes.subarray(0, bytes.length - 20),
      empty: Buffer.alloc(0),
      'of another catalog': wrong,
    }
    for (const [name, damaged] of Object.entries(damages)) {
      await writeFile(path, damaged)
      await writeFile(`${path}.0123.tmp`, 'left by a killed run')
      const again = await openWorld(data)
      await again.untilOpen()
      expect(await again.titles('harvest'), name).toEqual(['track Harvest Moon'])
      expect(again.calls, name).toContain('page')
      expect(again.logged.join(), name).toMatch(/is not used/)
      await again.close()
    }
    expect((await readFile(path)).subarray(512)).toEqual(bytes.subarray(512))
    expect(await readdir(join(data, 'search'))).toEqual(['listeners.index'])
  })

  it('removes files that older versions left beside its own', async () => {
    const data = await newFolder()
    await mkdir(join(data, 'search'))
    for (const name of ['listener.index', 'everyone.index', 'listeners.index.0123.tmp'])
      await writeFile(join(data, 'search', name), 'old')
    const world = await openWorld(data)
    await world.untilOpen()
    expect((await readdir(join(data, 'search'))).toSorted()).toEqual(['everyone.index', 'listeners.index'])
    expect(world.logged).toEqual([])
  })

  it('shows everyone only what is public, in hits, corrections and suggestions', async () => {
    const world = await openWorld(await newFolder())
    await world.catalog.publish(song, at)
    await world.catalog.publish(
      publicationOf({ title: 'Clandestine Meeting', release: 'Dossier', artist: 'Agent' }),
      at,
    )
    await world.untilFound('clandestine', ['track Clandestine Meeting'])
    for (const text of ['clandestine', 'clandestin', 'clandestien', 'agent', 'dossier', 'harvest clandestine']) {
      const { answer } = await world.gateway.search({ text }, 'everyone', never)
      expect(JSON.stringify(answer), text).not.toMatch(/clandestine m|dossier|agent/i)
      expect(answer.correction ?? '', text).not.toMatch(/clandestine/i)
      expect(
        JSON.stringify(await world.gateway.suggest({ text: text.slice(0, 4) }, 'everyone', never)),
        text,
      ).not.toMatch(/clandestine|dossier|agent/i)
    }
    const hidden = { ...song, track: { ...song.track, isPublic: false } }
    await world.catalog.publish(hidden, at)
    await world.untilFound('harvest', [], 'everyone')
    expect(await world.titles('neil', 'everyone')).toEqual([])
    expect(await world.titles('harvest')).toEqual(['track Harvest Moon'])
  })

  it('is started again after a crash; until then searches are refused, and the catalog still answers', async () => {
    const world = await openWorld(await newFolder())
    await world.catalog.publish(song, at)
    await world.untilFound('harvest', ['track Harvest Moon'])
    world.setFailing(true)
    await expect.poll(() => world.gateway.health().kind, polling).toBe('restarting')
    await expect(world.titles('harvest')).rejects.toMatchObject({ code: 'not-ready' })
    expect((await world.catalog.tracks({ limit: 5, sort: 'name' }, 'listeners')).total).toBe(1)
    world.setFailing(false)
    await world.untilOpen()
    await world.untilFound('harvest', ['track Harvest Moon'])
    expect(world.logged.join()).toContain('the catalog fails')
  })

  it('does not run aborted searches, and refuses more than may wait', async () => {
    const world = await openWorld(await newFolder())
    await world.untilOpen()
    const fillQueueAndAbort = async () => {
      const stop = new AbortController()
      const many = Array.from({ length: 64 }, () =>
        world.gateway.search({ text: 'a' }, 'listeners', stop.signal).then(
          () => 'answered',
          () => 'aborted',
        ),
      )
      const refused = world.gateway.search({ text: 'one more' }, 'listeners', never)
      stop.abort()
      await expect(refused).rejects.toMatchObject({ code: 'not-ready' })
      return Promise.all(many)
    }
    // The thread may have answered all 64 before the abort arrives: then another round is needed.
    await expect.poll(fillQueueAndAbort, polling).toContain('aborted')
    expect(world.gateway.waiting()).toBe(0)
    expect((await world.gateway.search({ text: 'a' }, 'listeners', never)).answer.top).toBeUndefined()
  })

  it('is replaced by a thread with a new build, and every search in between finds the same', async () => {
    const data = await newFolder()
    const first = await openWorld(data)
    await first.catalog.publish(song, at)
    await first.untilOpen()
    await first.untilFound('harvest', ['track Harvest Moon'])
    await first.close()
    const path = join(data, 'search', 'listeners.index')
    const aged = (await readFile(path))
      .toString('latin1')
      .replace(/"builtAt":\d+/, (text) => `"builtAt":${'1'.padStart(text.length - '"builtAt":'.length, '1')}`)
    await writeFile(path, aged, 'latin1')
    const world = await openWorld(data)
    await world.untilOpen()
    expect(world.calls).not.toContain('page')
    await world.catalog.publish(publicationOf({ title: 'Old Man', release: 'Early', artist: 'Neil' }), at)
    await world.untilFound('neil old', ['track Old Man'])
    const state = () => {
      const health = world.gateway.health()
      return health.kind === 'open' ? health.state : undefined
    }
    for (let searches = 0; state()?.pending !== 0 || state()?.isBuilding !== false; searches += 1) {
      expect(await world.titles('neil harvest'), String(searches)).toEqual(['track Harvest Moon'])
      expect(await world.titles('neil old'), String(searches)).toEqual(['track Old Man'])
      await systemClock.after(5, never)
    }
    expect(world.calls).toContain('page')
    await world.catalog.publish(publicationOf({ title: 'Heart of Gold', release: 'Early', artist: 'Neil' }), at)
    await world.untilFound('heart', ['track Heart of Gold'])
    expect(world.logged).toEqual([])
  })

  it('ranks what was played higher', async () => {
    const data = await newFolder()
    const first = await openWorld(data)
    const [loved, ignored] = ['B side', 'A side'].map((release) =>
      publicationOf({ title: 'Same Song', release, artist: 'Ann' }),
    )
    for (const publication of [loved!, ignored!]) await first.catalog.publish(publication, at)
    for (let play = 0; play < 50; play += 1) await first.plays.count(loved!.track.id, dayOf(Date.now()))
    await first.untilOpen()
    await first.close()
    await rm(join(data, 'search'), { recursive: true })
    const world = await openWorld(data)
    await world.untilOpen()
    const { answer } = await world.gateway.search({ text: 'same song' }, 'listeners', never)
    expect(answer.groups.track.hits.map((hit) => hit.release?.title)).toEqual(['B side', 'A side'])
  })
})

describe('devices', () => {
  const documentsOf = (bytes: Uint8Array<ArrayBuffer>) => {
    const index = openSearchIndex(bytes.slice())
    if (index.kind !== 'opened') throw new Error(index.reason)
    return index.index
  }

  it('download the index of what they may see, and changes bring it to the state of a new one', async () => {
    const world = await openWorld(await newFolder())
    const hidden = publicationOf({ title: 'Hidden', release: 'Vault', artist: 'Neil' })
    await world.catalog.publish(song, at)
    await world.catalog.publish(hidden, at)
    await world.untilOpen()
    const take = async (audience: Audience) => {
      await expect
        .poll(async () => (await world.gateway.deviceSnapshot(audience, undefined)).kind, polling)
        .toBe('ready')
      const taken = await world.gateway.deviceSnapshot(audience, undefined)
      if (taken.kind !== 'ready' || taken.bytes === undefined) throw new Error('no snapshot')
      expect(await world.gateway.deviceSnapshot(audience, taken.tag)).toMatchObject({
        kind: 'ready',
        tag: taken.tag,
        bytes: undefined,
      })
      return { index: documentsOf(taken.bytes), sequence: taken.sequence }
    }
    const devices = { listeners: await take('listeners'), everyone: await take('everyone') }
    expect([...devices.everyone.index.documents()].map((document) => document.title).toSorted()).toEqual([
      'Harvest Moon',
      'Lunar',
      'Neil',
    ])
    const shown = { ...hidden, track: { ...hidden.track, isPublic: true } }
    await world.catalog.publish(shown, at)
    await world.catalog.publish(
      { ...song, track: { ...song.track, isPublic: false }, release: { ...song.release, title: 'Eclipse' } },
      at,
    )
    await world.catalog.publish(
      publicationOf({ title: 'New', release: 'Newer', artist: 'Crazy Horse', isPublic: true }),
      at,
    )
    await world.catalog.publish(publicationOf({ title: 'Secret', release: 'Vault 2', artist: 'Nobody' }), at)
    for (const [audience, device] of Object.entries(devices) as [Audience, (typeof devices)['listeners']][]) {
      for (let isLast = false; !isLast;) {
        const page = await world.gateway.changes({ after: device.sequence, limit: 3 }, audience)
        expect(page.isTooOld).toBe(false)
        device.index.apply(page.items)
        ;({ last: device.sequence, isLast } = page)
      }
      const titles = [...device.index.documents()].map((document) => document.title).toSorted()
      if (audience === 'everyone') expect(titles).toEqual(['Crazy Horse', 'Hidden', 'Neil', 'New', 'Newer', 'Vault'])
      else
        expect(titles).toEqual([
          'Crazy Horse',
          'Eclipse',
          'Harvest Moon',
          'Hidden',
          'Neil',
          'New',
          'Newer',
          'Nobody',
          'Secret',
          'Vault',
          'Vault 2',
        ])
    }
    const changes = JSON.stringify(await world.gateway.changes({ after: 0, limit: 1000 }, 'everyone'))
    expect(changes).not.toMatch(/Secret|Nobody|Eclipse/)
    expect(changes).not.toContain(creditOf('Nobody').id)
    // Neil has one public track and a private one: his popularity must not reveal the private one.
    expect(JSON.parse(changes)).toMatchObject({
      items: expect.arrayContaining([
        { change: 'put', document: expect.objectContaining({ title: 'Neil', popularity: 0.1 }) },
      ]),
    })
    expect(await world.gateway.changes({ after: 10_000, limit: 10 }, 'listeners')).toMatchObject({
      isTooOld: true,
      items: [],
    })
  })
})
