import { parseReleaseId } from '@tonestead/crdt/ids'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import type { CatalogStore } from './catalog-store.ts'
import { foundSource as fileOf, ingestedOf, scanOf, type DescribedSource } from './ingested-source.testkit.ts'
import { idOf } from './publication.testkit.ts'
import type { FoundSource, JobOutcome, SourceJob, SourceStore } from './source-store.ts'

const start = 1_700_000_000_000
const at = (second: number): UnixMs => parseUnixMs(start + second * 1000)
const lease = (owner: string, second: number) => ({ owner, until: at(second + 60), now: at(second) })
const outcomeOf = (job: SourceJob, described: DescribedSource): JobOutcome =>
  job.stage === 'complete' ? { kind: 'complete' } : { kind: 'playable', ...ingestedOf(described) }
/** The name of a file without its folder, as the title of a track on the release Album. */
const plain = ({ name }: SourceJob): DescribedSource => ({
  title: name.split('/').at(-1) ?? name,
  release: 'Album',
  albumArtist: 'Band',
})

type Describe = (job: SourceJob) => DescribedSource

const work = async (sources: SourceStore, second: number, describe: Describe): Promise<SourceJob | undefined> => {
  const job = await sources.claim(lease('w', second))
  if (job === undefined) return undefined
  const ended = { id: job.id, owner: 'w', stage: job.stage }
  expect(await sources.finish(ended, outcomeOf(job, describe(job)), at(second))).toBe(true)
  return job
}
const finishAll = async (sources: SourceStore, second: number, describe: Describe = plain): Promise<string[]> => {
  const done: string[] = []
  for (let job = await work(sources, second, describe); job !== undefined; job = await work(sources, second, describe))
    done.push(`${job.name} ${job.stage}`)
  return done
}
const recordingOf = (title: string) => ingestedOf({ title, release: 'Album' }).facts.recordingId
const album = parseReleaseId(idOf('release Album'))
const titlesOf = async (catalog: CatalogStore, audience: 'everyone' | 'listeners' = 'listeners') =>
  (await catalog.release(album, audience))?.tracks.map((track) => track.title)
const done = { withdrawn: 0, held: 0, unreachable: 0 }
const many = (count: number, change: Partial<FoundSource> = {}) =>
  Array.from({ length: count }, (_, index) => fileOf(`${index + 10}`, { modifiedAtMs: start + index, ...change }))

type OpenStores = () => Promise<{ readonly sources: SourceStore; readonly catalog: CatalogStore }>

/** The contract of every source store, with the catalog that follows from it. `open` returns empty ones, which derive releases as media-server/src/catalog/SPEC.md says. */
export const sourceStoreContract = (open: OpenStores): void => {
  it('makes every file playable before any is completed', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf(['b', 'a', 'c'].map((name) => fileOf(name))), at(0))
    expect(await finishAll(sources, 1)).toEqual([
      'a playable',
      'b playable',
      'c playable',
      'a complete',
      'b complete',
      'c complete',
    ])
    expect(await sources.summary()).toEqual({
      found: 3,
      waiting: 0,
      working: 0,
      playable: 3,
      complete: 3,
      refused: 0,
      withdrawn: 0,
      unreachable: 0,
      held: 0,
    })
  })

  it('processes first what somebody plays', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf(['a', 'b', 'c'].map((name) => fileOf(name))), at(0))
    for (let count = 0; count < 3; count += 1) await work(sources, 1, plain)
    await sources.prefer(recordingOf('b'))
    await sources.prefer(recordingOf('c'))
    expect(await finishAll(sources, 2)).toEqual(['c complete', 'b complete', 'a complete'])
  })

  it('gives each job to only one of many callers', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf(Array.from({ length: 20 }, (_, index) => fileOf(`${index}`))), at(0))
    const jobs = await Promise.all(Array.from({ length: 32 }, (_, index) => sources.claim(lease(`worker ${index}`, 1))))
    const taken = jobs.flatMap((job) => (job === undefined ? [] : [job.id]))
    expect(taken).toHaveLength(20)
    expect(new Set(taken).size).toBe(20)
  })

  it('hands a job out again when its lease has expired, and ignores the former owner', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf([fileOf('a')]), at(0))
    const first = await sources.claim(lease('dead', 0))
    expect(first?.attempt).toBe(1)
    expect(await sources.claim(lease('w', 30))).toBeUndefined()
    const id = first?.id ?? ''
    expect(await sources.heartbeat({ id, owner: 'dead', until: at(90), step: 'encoding' })).toBe(true)
    expect(await sources.claim(lease('w', 61))).toBeUndefined()
    expect(await sources.claim(lease('w', 91))).toMatchObject({ id, attempt: 2 })
    expect(await sources.heartbeat({ id, owner: 'dead', until: at(200), step: 'encoding' })).toBe(false)
    expect(
      await sources.finish(
        { id, owner: 'dead', stage: 'playable' },
        { kind: 'playable', ...ingestedOf({ title: 'a', release: 'Album' }) },
        at(92),
      ),
    ).toBe(false)
    expect(
      await sources.finish(
        { id, owner: 'w', stage: 'playable' },
        { kind: 'playable', ...ingestedOf({ title: 'a', release: 'Album' }) },
        at(92),
      ),
    ).toBe(true)
    expect((await sources.summary()).playable).toBe(1)
  })

  it('does not hand out a postponed job before its time', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf([fileOf('a')]), at(0))
    const job = await sources.claim(lease('w', 0))
    await sources.postpone({ id: job?.id ?? '', owner: 'w' }, at(10))
    expect(await sources.claim(lease('w', 9))).toBeUndefined()
    expect((await sources.claim(lease('w', 10)))?.id).toBe(job?.id)
  })

  it('leaves unchanged files alone, and queues changed ones', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    expect(await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(2))).toEqual(done)
    expect(await sources.claim(lease('w', 2))).toBeUndefined()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b', { modifiedAtMs: start + 5 })]), at(3))
    expect(await sources.claim(lease('w', 3))).toMatchObject({ name: 'b', stage: 'playable', sha256: undefined })
  })

  it('[CT14] withdraws the tracks of deleted files, and publishes them again at once when they are back', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    const before = await catalog.release(album, 'listeners')
    expect(await sources.reconcile(scanOf([fileOf('b')]), at(2))).toEqual({ ...done, withdrawn: 1 })
    expect(await titlesOf(catalog)).toEqual(['b'])
    expect(await sources.reconcile(scanOf([fileOf('b')]), at(3))).toEqual(done)
    expect(await sources.summary()).toMatchObject({ found: 1, withdrawn: 1 })
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(4))
    expect((await catalog.release(album, 'listeners'))?.tracks).toEqual(before?.tracks)
    expect(await sources.claim(lease('w', 5))).toMatchObject({ name: 'a', stage: 'playable' })
  })

  it('does not publish what is known of a file again when other bytes come back under its name', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    await sources.reconcile(scanOf([fileOf('b')]), at(2))
    await sources.reconcile(scanOf([fileOf('a', { sizeBytes: 7 }), fileOf('b')]), at(3))
    expect(await titlesOf(catalog)).toEqual(['b'])
  })

  it('recognizes a moved file by size and time, keeps its track, and reads its name again', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('old/a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    const moved = fileOf('new/a', { sizeBytes: fileOf('old/a').sizeBytes })
    const before = await catalog.changes({ after: 0, limit: 1000 }, 'listeners')
    expect(await sources.reconcile(scanOf([moved, fileOf('b')]), at(2))).toEqual(done)
    expect(await sources.claim(lease('w', 3))).toMatchObject({ name: 'new/a', stage: 'playable' })
    expect(await catalog.changes({ after: 0, limit: 1000 }, 'listeners')).toEqual(before)
  })

  it('[CT14] replaces the track of a file that was retagged or replaced, in one step', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    await sources.reconcile(scanOf([fileOf('a', { sizeBytes: 5 }), fileOf('b')]), at(2))
    expect(await titlesOf(catalog)).toEqual(['a', 'b'])
    await work(sources, 3, () => ({ title: 'c', release: 'Album', albumArtist: 'Band', content: 'other' }))
    expect(await titlesOf(catalog)).toEqual(['b', 'c'])
    await sources.reconcile(scanOf([fileOf('a', { sizeBytes: 6 }), fileOf('b')]), at(4))
    const job = await sources.claim(lease('w', 5))
    const refused = { kind: 'refused', code: 'damaged' } as const
    await sources.finish({ id: job?.id ?? '', owner: 'w', stage: 'playable' }, refused, at(5))
    expect(await titlesOf(catalog)).toEqual(['b'])
  })

  it('keeps the track of a file that could not be read for now', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a')]), at(0))
    await finishAll(sources, 1)
    await sources.reconcile(scanOf([fileOf('a', { sizeBytes: 5 })]), at(2))
    const job = await sources.claim(lease('w', 3))
    const refused = { kind: 'refused', code: 'unreadable' } as const
    await sources.finish({ id: job?.id ?? '', owner: 'w', stage: 'playable' }, refused, at(3))
    expect(await titlesOf(catalog)).toEqual(['a'])
    await sources.reconcile(scanOf([fileOf('a', { sizeBytes: 5 })]), at(4))
    expect((await sources.claim(lease('w', 5)))?.name).toBe('a')
  })

  it('[CT1] changes the publicness of tracks with that of their files, without reading them', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(0))
    await finishAll(sources, 1)
    expect(await titlesOf(catalog, 'everyone')).toBeUndefined()
    await sources.reconcile(scanOf([fileOf('a', { isPublic: true }), fileOf('b')]), at(2))
    expect(await titlesOf(catalog, 'everyone')).toEqual(['a'])
    expect(await sources.claim(lease('w', 3))).toBeUndefined()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('b')]), at(4))
    expect(await titlesOf(catalog, 'everyone')).toBeUndefined()
  })

  it('keeps a track while another file of the same track exists', async () => {
    const { sources, catalog } = await open()
    const same: Describe = () => ({ title: 'a', release: 'Album', content: 'same' })
    await sources.reconcile(scanOf([fileOf('a'), fileOf('copy of a')]), at(0))
    await finishAll(sources, 1, same)
    const before = await catalog.release(album, 'listeners')
    expect(before?.tracks).toHaveLength(1)
    await sources.reconcile(scanOf([fileOf('copy of a')]), at(2))
    expect(await catalog.release(album, 'listeners')).toEqual(before)
    await sources.reconcile(scanOf([]), at(3))
    expect(await catalog.release(album, 'listeners')).toBeUndefined()
  })

  it('[CT15] keeps what is below a folder that cannot be read, and goes on with everything else', async () => {
    const { sources, catalog } = await open()
    const files = ['broken/deep/a', 'b', 'c'].map((name) => fileOf(name))
    await sources.reconcile(scanOf(files), at(0))
    await finishAll(sources, 1)
    const scan = scanOf([fileOf('c', { sizeBytes: 9 }), fileOf('d', { sizeBytes: 77 })], {
      unreadable: ['/music/broken'],
    })
    expect(await sources.reconcile(scan, at(2))).toEqual({ withdrawn: 1, held: 0, unreachable: 1 })
    expect(await titlesOf(catalog)).toEqual(['a', 'c'])
    expect(await sources.summary()).toMatchObject({ found: 3, unreachable: 1, held: 0, withdrawn: 1 })
    expect((await finishAll(sources, 3)).toSorted()).toEqual(['c complete', 'c playable', 'd complete', 'd playable'])
    expect(await sources.withdrawHeld(at(4))).toBe(0)
    expect(await titlesOf(catalog)).toEqual(['a', 'c', 'd'])
    expect(await sources.reconcile(scanOf(files), at(5))).toMatchObject({ unreachable: 0 })
    expect(await sources.summary()).toMatchObject({ unreachable: 0 })
  })

  it('[CT15] holds the tracks of a folder that is suddenly empty or on another file system, until it is confirmed', async () => {
    const { sources, catalog } = await open()
    const files = [fileOf('disk/a', { device: 2 }), fileOf('mount/b', { device: 3 }), fileOf('c')]
    await sources.reconcile(scanOf(files), at(0))
    await finishAll(sources, 1)
    const devices = new Map([
      ['/music', 1],
      ['/music/disk', 1],
      ['/music/mount', 1],
    ])
    const scan = scanOf([fileOf('c')], { empty: ['/music/disk'], devices })
    for (const second of [2, 3])
      expect(await sources.reconcile(scan, at(second))).toEqual({ withdrawn: 0, held: 2, unreachable: 0 })
    expect(await titlesOf(catalog)).toEqual(['a', 'b', 'c'])
    expect(await sources.summary()).toMatchObject({ held: 2, found: 3 })
    expect(await sources.withdrawHeld(at(4))).toBe(2)
    expect(await titlesOf(catalog)).toEqual(['c'])
    await sources.reconcile(scanOf(files), at(5))
    expect(await titlesOf(catalog)).toEqual(['a', 'b', 'c'])
  })

  it('asks before it withdraws more than half of a library', async () => {
    const { sources, catalog } = await open()
    const files = many(30)
    await sources.reconcile(scanOf(files), at(0))
    await finishAll(sources, 1)
    expect(await sources.reconcile(scanOf(files.slice(0, 10)), at(2))).toEqual({ ...done, held: 20 })
    expect(await titlesOf(catalog)).toHaveLength(30)
    // The question stays open while files are added.
    expect(await sources.reconcile(scanOf([...files.slice(0, 10), ...many(60).slice(30)]), at(3))).toMatchObject({
      held: 20,
    })
    expect(await sources.withdrawHeld(at(4))).toBe(20)
    expect(await titlesOf(catalog)).toHaveLength(10)
    const fewer = [...files.slice(0, 10), ...many(60).slice(45)]
    expect(await sources.reconcile(scanOf(fewer), at(5))).toEqual({ ...done, withdrawn: 15 })
  })

  it('withdraws the files of folders that are no longer given', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf([fileOf('a'), fileOf('inner/b')]), at(0))
    await sources.add(fileOf('upload', { path: 'upload:c', name: 'c' }), at(0))
    await finishAll(sources, 1)
    expect(await sources.keepFolders(['/music/inner', '/music'], at(2))).toBe(0)
    expect(await sources.keepFolders(['/music/inner'], at(3))).toBe(1)
    expect(await titlesOf(catalog)).toEqual(['b', 'c'])
    const inner = { folder: '/music/inner', devices: new Map([['/music/inner', 1]]) }
    const found = fileOf('inner/b', { name: 'b' })
    expect(await sources.reconcile(scanOf([found], inner), at(4))).toEqual(done)
    expect(await titlesOf(catalog)).toEqual(['b', 'c'])
    await sources.reconcile(scanOf([], inner), at(5))
    expect(await titlesOf(catalog)).toEqual(['c'])
  })

  it('queues a file again when the picture in its folder changes', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf([fileOf('a')]), at(0))
    await finishAll(sources, 1)
    await sources.reconcile(scanOf([fileOf('a', { pictureStamp: 'cover.jpg/1/1' })]), at(2))
    expect(await sources.claim(lease('w', 3))).toMatchObject({ name: 'a', stage: 'playable' })
  })

  it('shows all tracks of a large release when the queue is empty, also after a restart in between', async () => {
    const { sources, catalog } = await open()
    await sources.reconcile(scanOf(many(150)), at(0))
    for (let count = 0; count < 140; count += 1) await work(sources, 1, plain)
    expect((await titlesOf(catalog))?.length).toBeGreaterThan(120)
    await sources.keepFolders(['/music'], at(2))
    expect(await titlesOf(catalog)).toHaveLength(140)
    await finishAll(sources, 2)
    expect(await titlesOf(catalog)).toHaveLength(150)
  })

  it('lists refused files first, with the reason, and retries them on request', async () => {
    const { sources } = await open()
    await sources.reconcile(scanOf([fileOf('good'), fileOf('bad'), fileOf('waiting')]), at(0))
    const bad = await sources.claim(lease('w', 0))
    await sources.finish(
      { id: bad?.id ?? '', owner: 'w', stage: 'playable' },
      { kind: 'refused', code: 'truncated', detail: 'at 3 s' },
      at(1),
    )
    const good = await sources.claim(lease('w', 1))
    await sources.heartbeat({ id: good?.id ?? '', owner: 'w', until: at(60), step: 'encoding' })
    const first = await sources.items({ limit: 2 })
    expect(first.items.map((item) => [item.name, item.state.kind])).toEqual([
      ['bad', 'refused'],
      ['good', 'working'],
    ])
    expect(first.items[0]?.state).toMatchObject({
      code: 'truncated',
      detail: 'at 3 s',
      cure: expect.stringContaining('again'),
    })
    const second = await sources.items({ limit: 2, cursor: first.next })
    expect(second).toMatchObject({ items: [{ name: 'waiting', state: { kind: 'working', step: 'waiting' } }] })
    expect(second.next).toBeUndefined()
    expect(await sources.summary()).toMatchObject({ found: 3, waiting: 1, working: 1, refused: 1 })
    expect(await sources.retryRefused(at(2))).toBe(1)
    expect((await sources.claim(lease('x', 3)))?.name).toBe('bad')
    expect(await sources.item(good?.id ?? '')).toMatchObject({
      name: 'good',
      state: { kind: 'working', step: 'encoding' },
    })
  })

  it('adds a single file once', async () => {
    const { sources } = await open()
    const ids = await Promise.all(Array.from({ length: 8 }, () => sources.add(fileOf('upload'), at(0))))
    expect(new Set(ids).size).toBe(1)
    expect((await sources.summary()).found).toBe(1)
  })

  it('refuses a cursor that it did not make', async () => {
    const { sources } = await open()
    await expect(sources.items({ limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-request' })
  })
}
