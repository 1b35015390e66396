import { parseUnixMs } from '@tonestead/crdt/instant'
import { expect, test } from 'vitest'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import type { DocumentService } from '../documents/documents.ts'
import { createUnavailableDocuments } from '../documents/unavailable-documents.ts'
import type { Listened } from '../playback/play-reporter.ts'
import { aTrack } from '../saved/catalog-samples.testkit.ts'
import { createHistory } from './create-history.ts'
import { createHistoryRecorder } from './history-recorder.ts'
import type { HistoryView } from './history.ts'
import { createListeningWorld, deviceNamed } from './listening.testkit.ts'

const november = Date.UTC(2026, 10, 27, 12)
const october = Date.UTC(2026, 9, 31, 23, 30)

const createWorld = (changes: Partial<ReturnType<typeof createListeningWorld>> = {}) => {
  const world = { ...createListeningWorld(), clock: createManualClock(november), ...changes }
  const kept = { is: true }
  const recorder = createHistoryRecorder({ ...world, keepsHistory: () => kept.is })
  return { ...world, kept, recorder, history: createHistory(world) }
}
const listened = (title: string, changes: Partial<Listened> = {}): Listened => ({
  play: {},
  track: aTrack(title),
  startedAt: parseUnixMs(november),
  playedMs: 30_000.7,
  isOver: true,
  ...changes,
})
const open = (view: HistoryView): Extract<HistoryView, { kind: 'open' }> => {
  if (view.kind !== 'open') throw new Error(view.kind)
  return view
}
const titles = (view: HistoryView): string[] => open(view).plays.map(({ track }) => track.title)
const { signal } = new AbortController()

test('[KH1] a play that counts is kept once, when it is over, in the month of its beginning', async () => {
  const { recorder, history, documents, clock, deviceId } = createWorld()
  const play = {}
  recorder.onListened(listened('River', { play, isOver: false }))
  await clock.advance(1_000)
  expect(documents.edits).toEqual([])
  recorder.onListened(listened('River', { play, playedMs: 200_000 }))
  recorder.onListened(listened('Old', { startedAt: parseUnixMs(october) }))
  await clock.advance(1_000)
  expect(open(history.view(9).get()).plays).toMatchObject([
    { track: { title: 'River', serverId: 'S'.repeat(22) }, startedAt: november, playedMs: 200_000 },
    { track: { title: 'Old' }, startedAt: october, playedMs: 30_001 },
  ])
  expect(documents.edits.map(({ name }) => name)).toEqual([
    '/root',
    `/history/${deviceId}/2026-11`,
    '/root',
    `/history/${deviceId}/2026-10`,
  ])
})

test('[KH2] a play that the page could not finish is written by a later visit, once, with what had sounded', async () => {
  const first = createWorld()
  first.recorder.onListened(listened('River', { isOver: false, playedMs: 60_000 }))
  await first.clock.advance(100)
  const later = createWorld({ values: first.values, documents: first.documents })
  later.recorder.begin()
  await later.clock.advance(100)
  expect(first.documents.edits).toEqual([])
  const muchLater = createWorld({
    values: first.values,
    documents: first.documents,
    clock: createManualClock(november + 3_600_000),
  })
  muchLater.recorder.begin()
  muchLater.recorder.begin()
  await muchLater.clock.advance(100)
  expect(titles(muchLater.history.view(1).get())).toEqual(['River'])
  expect(await first.values.get('history-waiting')).toEqual([])
})

test('[KH2] without documents plays wait, and only the newest of very many', async () => {
  const none: DocumentService = createUnavailableDocuments('not-begun')
  const world = createWorld()
  const waiting = createHistoryRecorder({ ...world, documents: none, keepsHistory: () => true })
  for (let index = 0; index < 503; index += 1)
    waiting.onListened(listened(`Track ${index}`, { startedAt: parseUnixMs(november + index) }))
  await expect
    .poll(async () => ((await world.values.get('history-waiting')) as unknown[] | undefined)?.length, {
      timeout: 20_000,
    })
    .toBe(500)
  await world.clock.advance(120_000)
  world.recorder.begin()
  await expect.poll(() => titles(world.history.view(1).get()).length, { timeout: 20_000 }).toBe(500)
  expect(titles(world.history.view(1).get())[0]).toBe('Track 502')
})

test('[KH3] nothing is recorded while the history is switched off', async () => {
  const { recorder, kept, documents, values, clock } = createWorld()
  kept.is = false
  recorder.onListened(listened('River'))
  await clock.advance(100)
  expect(documents.edits).toEqual([])
  expect(await values.get('history-waiting')).toBeUndefined()
})

test('[KH4] plays of all devices are one list, newest first, and earlier months come when they are wanted', async () => {
  const world = createWorld()
  const other = createHistoryRecorder({
    ...world,
    values: createMemoryValueStore(),
    deviceId: deviceNamed('b'),
    keepsHistory: () => true,
  })
  world.recorder.onListened(listened('First'))
  other.onListened(listened('Second', { startedAt: parseUnixMs(november + 1_000) }))
  world.recorder.onListened(listened('Third', { startedAt: parseUnixMs(november + 2_000) }))
  other.onListened(listened('Old', { startedAt: parseUnixMs(october) }))
  await expect.poll(() => open(world.history.view(9).get()).plays.length).toBe(4)
  const newest = world.history.view(1)
  newest.subscribe(() => undefined)
  expect(titles(newest.get())).toEqual(['Third', 'Second', 'First'])
  expect(open(newest.get()).hasEarlier).toBe(true)
  expect(titles(world.history.view(2).get())).toEqual(['Third', 'Second', 'First', 'Old'])
  expect(open(world.history.view(2).get()).hasEarlier).toBe(false)
  expect(world.history.view(2)).toBe(world.history.view(2))
  const before = newest.get()
  other.onListened(listened('Older', { startedAt: parseUnixMs(october - 1) }))
  await expect.poll(() => open(world.history.view(9).get()).plays.length).toBe(5)
  expect(newest.get()).toBe(before)
})

test('[KH5] clearing removes all plays of all devices and months, and its undo brings them back', async () => {
  const world = createWorld()
  const other = createHistoryRecorder({
    ...world,
    values: createMemoryValueStore(),
    deviceId: deviceNamed('b'),
    keepsHistory: () => true,
  })
  const long = 'ä'.repeat(300)
  for (let index = 0; index < 520; index += 1)
    world.recorder.onListened(
      listened('x', {
        startedAt: parseUnixMs(november + index),
        track: { ...aTrack('x'), title: long, release: { ...aTrack('x').release, title: long } },
      }),
    )
  other.onListened(listened('Old', { startedAt: parseUnixMs(october) }))
  await expect.poll(() => open(world.history.view(9).get()).plays.length, { timeout: 20_000 }).toBe(521)
  const plays = () =>
    open(world.history.view(9).get()).plays.map(({ track, startedAt, playedMs }) => ({ track, startedAt, playedMs }))
  const before = plays()
  const change = await world.history.clear(signal)
  expect(plays()).toEqual([])
  expect(world.history.view(1).get()).toMatchObject({ kind: 'open', plays: [], hasEarlier: false })
  expect(change.kind === 'changed' && (await change.undo()).kind).toBe('changed')
  expect(plays()).toEqual(before)
  expect(
    (await createHistory({ ...world, documents: createUnavailableDocuments('storage-failed') }).clear(signal)).kind,
  ).toBe('not-changed')
})
