import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import type { SearchWorkerResult } from '../../ports/search-worker.ts'
import { mostTouched } from './index-host.ts'
import { createTestBrowser, documentOf, snapshotOf } from './search-thread.testkit.ts'

/** Long enough for a slow machine. */
const soon = { timeout: 20_000 }
const never = new AbortController().signal
const first = [documentOf('track', 'a', 'Amber Night'), documentOf('track', 'b', 'Blue Morning')]
const snapshot = (sequence = 10) => ({
  serverId: 's',
  audience: 'everyone' as const,
  fetchedAtMs: 7,
  bytes: snapshotOf(first, sequence),
})
const home = { serverId: 's', scope: 'catalog' } as const
const query = (text: string) => ({ text, limit: 10, offset: 0, filters: {} })
const idsOf = (answer: SearchWorkerResult | undefined): readonly string[] | undefined =>
  answer?.groups.track.hits.map(({ id }) => id)
const changes = (items: readonly unknown[], last: number, more: object = {}) => ({
  items,
  last,
  isLast: true,
  isTooOld: false,
  ...more,
})
const put = (id: string, title: string) => ({ change: 'put', document: documentOf('track', id, title) })

describe('the index of this device', () => {
  test('is stored, opened by the next visit without a network, and finds words with typos', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    expect(await worker.open(home)).toEqual({ kind: 'absent' })
    expect(await worker.search(query('amber'), never)).toBeUndefined()
    expect(await worker.replace(snapshot())).toEqual({
      kind: 'ready',
      scope: 'catalog',
      tracks: 2,
      sequence: 10,
      audience: 'everyone' as const,
      fetchedAtMs: 7,
      pending: 0,
    })
    const next = browser.startWorker()
    expect(await next.open(home)).toMatchObject({ kind: 'ready', tracks: 2, sequence: 10 })
    expect(idsOf(await next.search(query('ambre nigth'), never))).toEqual(['a'])
    expect((await next.suggest({ text: 'blu', limit: 5 }, never))?.[0]).toMatchObject({ typed: 3 })
  })
  test('applies changes, also after a reload and in the other tab', async () => {
    const browser = await createTestBrowser()
    const [worker, other] = [browser.startWorker(), browser.startWorker()]
    await worker.replace(snapshot())
    await other.open(home)
    const received: unknown[] = []
    other.onStored((stored) => received.push(stored))
    const answer = changes([put('c', 'Crimson Noon'), { change: 'remove', kind: 'track', id: 'a' }], 12)
    expect(await worker.follow({ after: 10, answer })).toMatchObject({
      kind: 'followed',
      isLast: true,
      stored: { sequence: 12, tracks: 2, pending: 2 },
    })
    expect(idsOf(await worker.search(query('crimson'), never))).toEqual(['c'])
    expect(idsOf(await worker.search(query('amber'), never))).toEqual([])
    await expect.poll(() => received.at(-1), soon).toMatchObject({ sequence: 12 })
    expect(idsOf(await other.search(query('crimson'), never))).toEqual(['c'])
    expect(await browser.startWorker().open(home)).toMatchObject({ sequence: 12, tracks: 2 })
  })
  test('refuses changes that do not continue its sequence, and reports when the server says too old', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    expect(await worker.follow({ after: 0, answer: changes([], 3) })).toEqual({ kind: 'refused', reason: 'outrun' })
    await worker.replace(snapshot())
    expect(await worker.follow({ after: 9, answer: changes([put('c', 'C')], 12) })).toEqual({
      kind: 'refused',
      reason: 'outrun',
    })
    expect(await worker.follow({ after: 10, answer: { items: 'none' } })).toEqual({
      kind: 'refused',
      reason: 'not-understood',
    })
    expect(await worker.follow({ after: 10, answer: changes([], 12, { isTooOld: true }) })).toEqual({ kind: 'too-old' })
    expect(await browser.startWorker().open(home)).toMatchObject({ sequence: 10 })
  })
  test('when two tabs write the same changes, one is refused, and both have them', async () => {
    const browser = await createTestBrowser()
    const [one, two] = [browser.startWorker(), browser.startWorker()]
    await one.replace(snapshot())
    await two.open(home)
    const answer = changes([put('c', 'Crimson Noon')], 11)
    const results = await Promise.all([one.follow({ after: 10, answer }), two.follow({ after: 10, answer })])
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['followed', 'refused'])
    for (const worker of [one, two]) expect(idsOf(await worker.search(query('crimson'), never))).toEqual(['c'])
    expect((await browser.store.read())?.changes.length).toBe(1)
  })
  test('is compacted by another worker: the changes are in the snapshot then, and nothing else has changed', async () => {
    const browser = await createTestBrowser()
    const [worker, compactor] = [browser.startWorker(), browser.startWorker()]
    await worker.replace(snapshot())
    await worker.follow({ after: 10, answer: changes([put('c', 'Crimson Noon')], 11) })
    const received: unknown[] = []
    worker.onStored((stored) => received.push(stored))
    await compactor.compact('s')
    expect(await browser.store.read()).toMatchObject({ changes: [], head: { fetchedAtMs: 7 } })
    await expect.poll(() => received.at(-1), soon).toMatchObject({ sequence: 11, tracks: 3, pending: 0 })
    expect(idsOf(await worker.search(query('crimson'), never))).toEqual(['c'])
    expect(await worker.follow({ after: 11, answer: changes([put('d', 'Dusk')], 12) })).toMatchObject({
      kind: 'followed',
    })
  })
})

describe('damage', () => {
  test('a snapshot that was damaged in transfer is refused, and the stored one stays', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    await worker.replace(snapshot())
    const damaged = snapshot(11)
    damaged.bytes[damaged.bytes.length >> 1]! ^= 1
    expect(await worker.replace(damaged)).toMatchObject({ kind: 'refused' })
    expect(await worker.replace({ ...snapshot(), bytes: new Uint8Array(40) })).toMatchObject({
      kind: 'refused',
      reason: 'not-a-snapshot',
    })
    expect(idsOf(await worker.search(query('amber'), never))).toEqual(['a'])
    expect(await browser.startWorker().open(home)).toMatchObject({ sequence: 10 })
  })
  test('a snapshot that was damaged on the disk is deleted, and nothing else', async () => {
    const browser = await createTestBrowser()
    await browser.store.touch('s', { key: 'k', document: documentOf('track', 'k', 'Kept'), atMs: 1, most: 5 })
    const { bytes, ...about } = snapshot()
    bytes[bytes.length >> 1]! ^= 1
    await browser.store.replace({ ...about, bytes })
    expect(await browser.startWorker().open(home)).toEqual({ kind: 'absent' })
    expect(await browser.store.read()).toBeUndefined()
    expect((await browser.store.touched('s')).length).toBe(1)
  })
  test('an index with changes that cannot be read is dropped, and can be fetched again', async () => {
    const browser = await createTestBrowser()
    const head = await browser.store.replace(snapshot())
    await browser.store.append(head.version, { last: 12, items: [{ change: 'put', document: 'nonsense' }] })
    const worker = browser.startWorker()
    expect(await worker.open(home)).toEqual({ kind: 'absent' })
    expect(await worker.replace(snapshot())).toMatchObject({ kind: 'ready' })
  })
  test('the index of another server is not opened, and not deleted until this server’s is stored', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    await worker.replace(snapshot())
    expect(await worker.open({ ...home, serverId: 't' })).toEqual({ kind: 'absent' })
    expect(await worker.open(home)).toMatchObject({ kind: 'ready' })
  })
  test('a full disk is reported, and the open index stays open', async () => {
    const browser = await createTestBrowser()
    const full = (): Promise<never> => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    const worker = browser.startWorker((store) => ({ ...store, append: full, touch: full }))
    await worker.replace(snapshot())
    expect(await worker.follow({ after: 10, answer: changes([put('c', 'C')], 12) })).toEqual({ kind: 'no-room' })
    await worker.touch({ serverId: 's', document: documentOf('track', 'a', 'A'), atMs: 1 })
    expect(idsOf(await worker.search(query('amber'), never))).toEqual(['a'])
    expect(await browser.startWorker((store) => ({ ...store, replace: full })).replace(snapshot())).toEqual({
      kind: 'no-room',
    })
  })
  test('other storage faults reject the call, and the next call works', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker((store) => ({
      ...store,
      touch: () => Promise.reject(new Error('disk on fire')),
    }))
    await expect(worker.touch({ serverId: 's', document: documentOf('track', 'a', 'A'), atMs: 1 })).rejects.toThrow(
      'disk on fire',
    )
    expect(await worker.open(home)).toEqual({ kind: 'absent' })
    worker.crash()
    await expect(worker.open(home)).rejects.toThrow('ended')
  })
})

describe('the index of what was opened or played', () => {
  const touch = (id: string, title: string, atMs: number) => ({
    serverId: 's',
    document: documentOf('track', id, title),
    atMs,
  })
  test('is used when the catalog is too large', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    expect(await worker.open({ serverId: 's', scope: 'touched' })).toEqual({
      kind: 'ready',
      scope: 'touched',
      tracks: 0,
      sequence: 0,
    })
    await worker.touch(touch('a', 'Amber Night', 1))
    await worker.touch(touch('b', 'Amber Noon', 2))
    await worker.touch(touch('b', 'Amber Noon', 3))
    expect(idsOf(await worker.search(query('ambr'), never))).toContain('b')
    const next = browser.startWorker()
    expect(await next.open({ serverId: 's', scope: 'touched' })).toMatchObject({ tracks: 2 })
    expect(idsOf(await next.search(query('amber'), never))).toEqual(['b', 'a'])
    expect(mostTouched).toBe(5_000)
  })
  test('is stored before the size of the catalog is known', async () => {
    const browser = await createTestBrowser()
    const worker = browser.startWorker()
    await worker.open(home)
    await worker.touch(touch('a', 'Amber Night', 1))
    expect(await worker.open({ serverId: 's', scope: 'touched' })).toMatchObject({ tracks: 1 })
  })
})

test('a search that is aborted before its turn is not sent', async () => {
  const worker = (await createTestBrowser()).startWorker()
  await worker.replace(snapshot())
  const late = new AbortController()
  const searches = [worker.search(query('amber'), never), worker.search(query('blue'), late.signal)]
  late.abort(new Error('typed on'))
  await expect(searches[1]).rejects.toThrow('typed on')
  expect(idsOf(await searches[0])).toEqual(['a'])
})
