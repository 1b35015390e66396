import { parseQueueEntryId } from '@tonestead/crdt/ids'
import { positionAt } from '@tonestead/crdt/playback'
import { parseDurationMs, parseUnixMs } from '@tonestead/crdt/instant'
import * as queues from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { PlaybackProblem, PlaybackState } from '../../engine/playback/playback-state.ts'
import type { Player, PlayerView } from '../../engine/playback/player.ts'
import { createStore } from '../state/store.ts'

export type FakePlayer = Player & { fail(problem: PlaybackProblem): void; stall(): void }

/** A player without sound: a clock moves its position. */
export const createFakePlayer = (loadMs = 150): FakePlayer => {
  const view = createStore<PlayerView>({
    state: { kind: 'idle' },
    queue: queues.emptyQueue,
    tracks: new Map(),
    current: undefined,
    durationMs: 0,
    volume: 0.8,
    isMuted: false,
    streamInfo: undefined,
    hasNext: false,
    hasPrevious: false,
  })
  let serial = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const draw = (below: number) => Math.floor(Math.random() * below)
  const now = () => parseUnixMs(Date.now())

  const show = (change: Partial<PlayerView>): void => {
    const next = { ...view.get(), ...change }
    const entry = queues.currentEntry(next.queue)
    const current = entry === undefined ? undefined : next.tracks.get(entry.trackId)
    view.set({
      ...next,
      current,
      durationMs: current?.durationMs ?? 0,
      hasNext: queues.nextEntry(next.queue, 'command') !== undefined,
      hasPrevious: entry !== undefined,
      streamInfo:
        next.state.kind === 'playing'
          ? { codec: 'aac', bitrateBps: 256_000, sampleRateHz: 48_000, gainDb: -2.1, source: 'cache' }
          : next.streamInfo,
    })
  }
  const positionMs = (): number => {
    const { state, durationMs } = view.get()
    if (state.kind === 'playing') return positionAt(state.anchor, now(), durationMs)
    return state.kind === 'idle' ? 0 : state.positionMs
  }
  const start = (queue: queues.Queue, atMs: number): void => {
    clearTimeout(timer)
    const entryId = queue.currentId
    if (entryId === undefined) return show({ queue, state: { kind: 'idle' } })
    show({ queue, state: { kind: 'loading', entryId, positionMs: atMs, sinceMs: Date.now() } })
    timer = setTimeout(() => {
      show({ state: { kind: 'playing', entryId, anchor: { positionMs: parseDurationMs(atMs), at: now(), rate: 1 } } })
      timer = setTimeout(() => ended(), Math.max(0, view.get().durationMs - atMs))
    }, loadMs)
  }
  const ended = (): void => go(queues.nextEntry(view.get().queue, 'ended'))
  const go = (entry: queues.QueueEntry | undefined): void => {
    if (entry === undefined) return player.pause()
    start(queues.goTo(view.get().queue, entry.id), 0)
  }
  const entriesOf = (tracks: readonly Track[], origin: 'person' | 'context', orders?: readonly number[]) =>
    tracks.map((track, index): queues.QueueEntry => {
      serial += 1
      const id = parseQueueEntryId(
        ('qe' + serial.toString(2).replaceAll('0', 'a').replaceAll('1', 'b').padStart(24, 'a')).slice(0, 26),
      )
      return {
        id,
        trackId: track.id,
        recordingId: track.recordingId,
        origin,
        contextOrder: origin === 'context' ? (orders?.[index] ?? index) : 0,
      }
    })
  const addTracks = (tracks: readonly Track[]) =>
    show({ tracks: new Map([...view.get().tracks, ...tracks.map((track) => [track.id, track] as const)]) })
  const stopped = (kind: 'paused'): PlaybackState => {
    const { queue } = view.get()
    return queue.currentId === undefined
      ? { kind: 'idle' }
      : { kind, entryId: queue.currentId, positionMs: positionMs() }
  }
  const edit = (change: (queue: queues.Queue) => queues.Queue): void => {
    const before = view.get().queue.currentId
    const queue = change(view.get().queue)
    show({ queue })
    if (queue.currentId !== before) start(queue, 0)
  }
  const player: FakePlayer = {
    view,
    positionMs,
    playTracks: ({ context, tracks, startAt, orders }) => {
      addTracks(tracks)
      const entries = entriesOf(tracks, 'context', orders)
      start(
        queues.playContext(
          view.get().queue,
          { context, entries, startId: startAt === undefined ? undefined : entries[startAt]?.id },
          draw,
        ),
        0,
      )
    },
    extendContext: ({ tracks, orders, end }) => {
      addTracks(tracks)
      edit((queue) => queues.extendContext(queue, { entries: entriesOf(tracks, 'context', orders), end }, draw))
    },
    toggle: () => (['playing', 'loading'].includes(view.get().state.kind) ? player.pause() : player.play()),
    play: () => start(view.get().queue, positionMs()),
    pause: () => {
      clearTimeout(timer)
      show({ state: stopped('paused') })
    },
    next: () => go(queues.nextEntry(view.get().queue, 'command')),
    previous: () => {
      const target = queues.previousTarget(view.get().queue, positionMs())
      if (target === 'start') player.seek(0)
      else go(target)
    },
    seek: (at) => {
      const bounded = Math.max(0, Math.min(view.get().durationMs, at))
      if (['playing', 'loading'].includes(view.get().state.kind)) return start(view.get().queue, bounded)
      const { queue } = view.get()
      if (queue.currentId !== undefined)
        show({ state: { kind: 'paused', entryId: queue.currentId, positionMs: bounded } })
    },
    setVolume: (volume) => show({ volume: Math.max(0, Math.min(1, volume)), isMuted: false }),
    setMuted: (isMuted) => show({ isMuted }),
    setShuffle: (isShuffled) => show({ queue: queues.setShuffle(view.get().queue, isShuffled, draw) }),
    setRepeat: (repeat) => show({ queue: queues.setRepeat(view.get().queue, repeat) }),
    playNext: (tracks) => {
      addTracks(tracks)
      edit((queue) => queues.playNext(queue, entriesOf(tracks, 'person')))
    },
    addToQueue: (tracks) => {
      addTracks(tracks)
      edit((queue) => queues.addToQueue(queue, entriesOf(tracks, 'person')))
    },
    jumpTo: (id) => start(queues.goTo(view.get().queue, id), 0),
    remove: (id) => edit((queue) => queues.removeEntry(queue, id)),
    move: (id, toIndex) => edit((queue) => queues.moveEntry(queue, id, toIndex)),
    clearUpcoming: () => edit(queues.clearUpcoming),
    fail: (problem) => {
      const { queue } = view.get()
      clearTimeout(timer)
      if (queue.currentId !== undefined)
        show({ state: { kind: 'failed', entryId: queue.currentId, positionMs: positionMs(), problem } })
    },
    stall: () => {
      const { queue } = view.get()
      clearTimeout(timer)
      if (queue.currentId !== undefined)
        show({ state: { kind: 'loading', entryId: queue.currentId, positionMs: positionMs(), sinceMs: Date.now() } })
    },
  }
  return player
}
