import { parseEntryId } from '@tonestead/crdt/ids'
import * as queues from '@tonestead/crdt/queue'
import { describe, expect, test } from 'vitest'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createCell } from '../cell.ts'
import { createQueueState } from '../playback/queue-state.ts'
import type { PlayerView } from '../playback/player.ts'
import { playOn, slice, type Row } from './play-on.ts'
import { created, createTestPlaylists, openOf, tracksOf } from './playlists.testkit.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
const context = () => ({ kind: 'playlist', id: parseEntryId('p'.repeat(26)) }) as const

/** A playlist with this many songs, of which the catalog has those that `isThere` says, and a queue that began with a part of it. */
const start = async (count: number, isThere: (index: number) => boolean = () => true) => {
  const tracks = tracksOf(count)
  const { playlists, isOnline } = createTestPlaylists(tracks.filter((_, index) => isThere(index)))
  const { entries: all } = openOf(playlists, await created(playlists, tracks))
  const rows: readonly Row[] = all.map((entry, order) => ({ entry, order }))
  const state = createQueueState(createSeededRandom(2))
  const view = createCell({ queue: queues.emptyQueue } as PlayerView)
  const show = (queue: queues.Queue): void => {
    state.set(queue)
    view.set({ ...view.get(), queue })
  }
  const begin = (from: number, to: number): void => {
    const orders = rows.slice(from, to).map(({ order }) => order)
    const entries = state.entriesOf(tracks.slice(from, to), 'context', orders)
    show(queues.playContext(state.queue(), { context: context(), entries, startId: undefined }, () => 0))
    const player = {
      view,
      extendContext: (more: Extension) =>
        show(
          queues.extendContext(
            state.queue(),
            { entries: state.entriesOf(more.tracks, 'context', more.orders), end: more.end },
            () => 0,
          ),
        ),
    }
    playOn({ player, playlists, isOnline, log: silentLog }, { before: rows.slice(0, from), after: rows.slice(to) })
  }
  const orders = () => state.queue().entries.map(({ contextOrder }) => contextOrder)
  /** Goes on to the next song, again and again, until there is none. */
  const playToTheEnd = async (): Promise<number> => {
    for (let played = 1; ; played += 1) {
      await turn()
      const next = queues.nextEntry(state.queue(), 'ended')
      if (next === undefined) return played
      show(queues.goTo(state.queue(), next.id))
    }
  }
  return { state, show, begin, orders, playToTheEnd, isOnline }
}
type Extension = {
  readonly tracks: ReturnType<typeof tracksOf>
  readonly orders: readonly number[]
  readonly end: 'first' | 'last'
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('playing on', () => {
  test('[PY11] the whole playlist is played in its order, also what came before the part that it began with', async () => {
    const { begin, orders, playToTheEnd } = await start(700)
    begin(100, 300)
    expect(await playToTheEnd()).toBe(600)
    expect(orders()).toEqual(upTo(700))
  })

  test('[PY11] nothing is loaded before few songs are to come', async () => {
    const { begin, orders } = await start(600)
    begin(0, 200)
    await turn()
    expect(orders()).toEqual(upTo(200))
  })

  test('[PY11] songs that are not there are left out, however many', async () => {
    const { begin, playToTheEnd } = await start(slice * 4, (index) => index < slice || index >= slice * 3)
    begin(0, slice)
    expect(await playToTheEnd()).toBe(slice * 2)
  })

  test('[PY11] nothing is added once the songs to come were cleared, or something else is played', async () => {
    const cleared = await start(600)
    cleared.begin(0, 200)
    cleared.show(queues.clearUpcoming(cleared.state.queue()))
    expect(await cleared.playToTheEnd()).toBe(1)

    const other = await start(600)
    other.begin(0, 200)
    other.show({ ...other.state.queue(), context: context() })
    expect(await other.playToTheEnd()).toBe(200)
  })

  test('[PY11] without the server it goes on when the server is back', async () => {
    const { begin, isOnline, playToTheEnd, orders, state, show } = await start(300)
    isOnline.set(false)
    begin(0, 100)
    isOnline.set(true)
    show(queues.setRepeat(state.queue(), 'off'))
    await playToTheEnd()
    expect(orders()).toEqual(upTo(300))
  })
})
