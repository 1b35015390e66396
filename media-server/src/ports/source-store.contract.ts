import { parseRecordingId, parseTrackId } from '@tonestead/crdt/ids'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import { idOf } from './publication.testkit.ts'
import type { FoundSource, JobOutcome, SourceJob, SourceStore } from './source-store.ts'

const start = 1_700_000_000_000
const at = (second: number): UnixMs => parseUnixMs(start + second * 1000)
const fileOf = (name: string, change: Partial<FoundSource> = {}): FoundSource => ({
  path: `/music/${name}`,
  name,
  sizeBytes: 1000 + name.length,
  modifiedAtMs: start,
  isPublic: false,
  ...change,
})
const trackOf = (name: string) => parseTrackId(idOf(`track ${name}`))
const doneWith = (name: string): JobOutcome => ({
  kind: 'done',
  sha256: idOf(`hash ${name}`),
  recordingId: parseRecordingId(idOf(`recording ${name}`)),
  trackId: trackOf(name),
})
const lease = (owner: string, second: number) => ({ owner, until: at(second + 60), now: at(second) })

const work = async (sources: SourceStore, second: number): Promise<SourceJob | undefined> => {
  const job = await sources.claim(lease('w', second))
  if (job !== undefined)
    expect(await sources.finish({ id: job.id, owner: 'w', stage: job.stage }, doneWith(job.name), at(second))).toBe(
      true,
    )
  return job
}
const finishAll = async (sources: SourceStore, second: number): Promise<string[]> => {
  const done: string[] = []
  for (let job = await work(sources, second); job !== undefined; job = await work(sources, second))
    done.push(`${job.name} ${job.stage}`)
  return done
}

/** The contract of every source store. `open` returns an empty one. */
export const sourceStoreContract = (open: () => Promise<SourceStore>): void => {
  it('makes every file playable before any is completed', async () => {
    const sources = await open()
    await sources.reconcile(
      '/music',
      ['b', 'a', 'c'].map((name) => fileOf(name)),
      at(0),
    )
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
    })
  })

  it('processes first what somebody plays', async () => {
    const sources = await open()
    await sources.reconcile(
      '/music',
      ['a', 'b', 'c'].map((name) => fileOf(name)),
      at(0),
    )
    for (let count = 0; count < 3; count += 1) await work(sources, 1)
    await sources.prefer(parseRecordingId(idOf('recording b')))
    await sources.prefer(parseRecordingId(idOf('recording c')))
    expect(await finishAll(sources, 2)).toEqual(['c complete', 'b complete', 'a complete'])
  })

  it('gives each job to only one of many callers', async () => {
    const sources = await open()
    await sources.reconcile(
      '/music',
      Array.from({ length: 20 }, (_, index) => fileOf(`${index}`)),
      at(0),
    )
    const jobs = await Promise.all(Array.from({ length: 32 }, (_, index) => sources.claim(lease(`worker ${index}`, 1))))
    const taken = jobs.flatMap((job) => (job === undefined ? [] : [job.id]))
    expect(taken).toHaveLength(20)
    expect(new Set(taken).size).toBe(20)
  })

  it('hands a job out again when its lease has expired, and ignores the former owner', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('a')], at(0))
    const first = await sources.claim(lease('dead', 0))
    expect(first?.attempt).toBe(1)
    expect(await sources.claim(lease('w', 30))).toBeUndefined()
    const id = first?.id ?? ''
    expect(await sources.heartbeat({ id, owner: 'dead', until: at(90), step: 'encoding' })).toBe(true)
    expect(await sources.claim(lease('w', 61))).toBeUndefined()
    expect(await sources.claim(lease('w', 91))).toMatchObject({ id, attempt: 2 })
    expect(await sources.heartbeat({ id, owner: 'dead', until: at(200), step: 'encoding' })).toBe(false)
    expect(await sources.finish({ id, owner: 'dead', stage: 'playable' }, doneWith('a'), at(92))).toBe(false)
    expect(await sources.finish({ id, owner: 'w', stage: 'playable' }, doneWith('a'), at(92))).toBe(true)
    expect((await sources.summary()).playable).toBe(1)
  })

  it('does not hand out a postponed job before its time', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('a')], at(0))
    const job = await sources.claim(lease('w', 0))
    await sources.postpone({ id: job?.id ?? '', owner: 'w' }, at(10))
    expect(await sources.claim(lease('w', 9))).toBeUndefined()
    expect((await sources.claim(lease('w', 10)))?.id).toBe(job?.id)
  })

  it('leaves unchanged files alone, and queues changed ones', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('a'), fileOf('b')], at(0))
    await finishAll(sources, 1)
    expect(await sources.reconcile('/music', [fileOf('a'), fileOf('b')], at(2))).toEqual({ gone: [] })
    expect(await sources.claim(lease('w', 2))).toBeUndefined()
    await sources.reconcile('/music', [fileOf('a'), fileOf('b', { modifiedAtMs: start + 5 })], at(3))
    expect(await sources.claim(lease('w', 3))).toMatchObject({ name: 'b', stage: 'playable', sha256: undefined })
  })

  it('returns the tracks of deleted files once, and recognizes a file that is back', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('a'), fileOf('b')], at(0))
    await finishAll(sources, 1)
    expect(await sources.reconcile('/music', [fileOf('b')], at(2))).toEqual({ gone: [trackOf('a')] })
    expect(await sources.reconcile('/music', [fileOf('b')], at(3))).toEqual({ gone: [] })
    expect(await sources.summary()).toMatchObject({ found: 1, withdrawn: 1 })
    expect(await sources.findByHash(idOf('hash a'))).toMatchObject({ trackId: trackOf('a'), isGone: true })
    await sources.reconcile('/music', [fileOf('a'), fileOf('b')], at(4))
    expect(await sources.claim(lease('w', 5))).toMatchObject({ name: 'a', stage: 'playable', sha256: idOf('hash a') })
  })

  it('recognizes a moved file by size and time', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('old/a'), fileOf('b')], at(0))
    await finishAll(sources, 1)
    const moved = fileOf('new/a', { sizeBytes: fileOf('old/a').sizeBytes })
    expect(await sources.reconcile('/music', [moved, fileOf('b')], at(2))).toEqual({ gone: [] })
    expect(await sources.claim(lease('w', 3))).toBeUndefined()
    expect(await sources.findByHash(idOf('hash old/a'))).toMatchObject({ trackId: trackOf('old/a'), isGone: false })
  })

  it('keeps a track while another file with the same audio exists', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('a'), fileOf('copy of a')], at(0))
    for (const owner of ['1', '2', '3', '4']) {
      const job = await sources.claim(lease(owner, 1))
      await sources.finish({ id: job?.id ?? '', owner, stage: job?.stage ?? 'playable' }, doneWith('a'), at(1))
    }
    expect(await sources.reconcile('/music', [fileOf('a')], at(2))).toEqual({ gone: [] })
    expect(await sources.reconcile('/music', [], at(3))).toEqual({ gone: [trackOf('a')] })
  })

  it('lists refused files first, with the reason, and retries them on request', async () => {
    const sources = await open()
    await sources.reconcile('/music', [fileOf('good'), fileOf('bad'), fileOf('waiting')], at(0))
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
    const sources = await open()
    const ids = await Promise.all(Array.from({ length: 8 }, () => sources.add(fileOf('upload'), at(0))))
    expect(new Set(ids).size).toBe(1)
    expect((await sources.summary()).found).toBe(1)
  })

  it('refuses a cursor that it did not make', async () => {
    const sources = await open()
    await expect(sources.items({ limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-request' })
  })
}
