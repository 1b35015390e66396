import { expect, test } from 'vitest'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createCell } from '../cell.ts'
import { settingsSchema, type Settings } from '../settings/settings.ts'
import { startPlayReporter, type Listened } from './play-reporter.ts'
import type { PlayerView } from './player.ts'

const createWorld = () => {
  const clock = createManualClock()
  const entries = ['a', 'b'].map((id) => ({ id, trackId: `track ${id}` }))
  const tracks = new Map([
    ['track a', { id: 'track a', durationMs: 200_000 }],
    ['track b', { id: 'track b', durationMs: 10_000 }],
  ])
  const viewOf = (state: unknown): PlayerView => ({ state, queue: { entries }, tracks }) as unknown as PlayerView
  const view = createCell(viewOf({ kind: 'idle' }))
  const settings = createCell<Settings>(settingsSchema.parse({}))
  const isOnline = createCell(true)
  const sent: string[] = []
  const played: string[] = []
  const heard: Listened[] = []
  startPlayReporter({
    view,
    settings: { view: settings, change: () => undefined },
    isOnline,
    clock,
    log,
    onPlayed: (track) => void played.push(track.id),
    onListened: (listened) => void heard.push(listened),
    send: async (id) => void sent.push(id),
  })
  const show = (kind: string, entryId: string, positionMs = 0): void =>
    view.set(viewOf({ kind, entryId, positionMs, anchor: { positionMs } }))
  return { clock, show, settings, isOnline, sent, played, heard }
}

test('a play counts once, after 30 s of playback; loading, pausing and seeking do not count', async () => {
  const { clock, show, sent } = createWorld()
  show('loading', 'a')
  await clock.advance(60_000)
  show('playing', 'a')
  await clock.advance(20_000)
  show('playing', 'a', 150_000)
  await clock.advance(5_000)
  show('paused', 'a', 155_000)
  await clock.advance(60_000)
  show('playing', 'a', 155_000)
  await clock.advance(4_000)
  expect(sent).toEqual([])
  await clock.advance(2_000)
  expect(sent).toEqual(['track a'])
  await clock.advance(60_000)
  expect(sent).toEqual(['track a'])
})
test('a short track counts at its end, and again when it is repeated', async () => {
  const { clock, show, sent } = createWorld()
  for (const plays of [1, 2]) {
    show('loading', 'b')
    show('playing', 'b')
    await clock.advance(8_000)
    expect(sent.length).toBe(plays - 1)
    await clock.advance(1_900)
    expect(sent.length).toBe(plays)
  }
})
test('a track that is left early does not count, and its time is not added to the next one', async () => {
  const { clock, show, sent } = createWorld()
  show('playing', 'a')
  await clock.advance(29_000)
  show('loading', 'b')
  show('playing', 'b')
  await clock.advance(3_000)
  expect(sent).toEqual([])
})
test('nothing is reported without a server or against the setting, though it was played', async () => {
  const { clock, show, sent, played, isOnline, settings } = createWorld()
  isOnline.set(false)
  show('playing', 'a')
  await clock.advance(40_000)
  isOnline.set(true)
  settings.set({ ...settings.get(), isPlayCountShared: false })
  show('loading', 'b')
  show('playing', 'b')
  await clock.advance(10_000)
  expect(sent).toEqual([])
  expect(played).toEqual(['track a', 'track b'])
})

test('a play that counts is told while it goes on, and once when the next one begins, with the time that sounded', async () => {
  const { clock, show, heard } = createWorld()
  const startedAt = clock.now()
  show('loading', 'a')
  show('playing', 'a')
  await clock.advance(29_000)
  expect(heard).toEqual([])
  await clock.advance(11_000)
  expect(heard.at(-1)).toMatchObject({ startedAt, playedMs: 40_000, isOver: false, track: { id: 'track a' } })
  show('loading', 'b')
  expect(heard.at(-1)).toMatchObject({ playedMs: 40_000, isOver: true, track: { id: 'track a' } })
  show('playing', 'b')
  await clock.advance(5_000)
  show('idle', 'b')
  expect(heard.filter(({ isOver }) => isOver)).toHaveLength(1)
  expect(new Set(heard.map(({ play }) => play)).size).toBe(1)
})
