import type { QueueEntryId } from '@tonestead/crdt/ids'
import { parseQueueEntryId } from '@tonestead/crdt/ids'
import * as queues from '@tonestead/crdt/queue'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../ports/clock.ts'
import type { MediaControls } from '../../ports/media-controls.ts'
import type { Random } from '../../ports/random.ts'
import { createCell } from '../cell.ts'
import type { Library } from '../library/library.ts'
import type { LicenseHolder } from '../licensing/license-holder.ts'
import type { Readable } from '../readable.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { gainDb, linearOf, loudnessFor } from './loudness.ts'
import { idleModel, statePositionMs, stepPlayback, type PlaybackEffect, type PlaybackEvent } from './playback-machine.ts'
import type { PlaySetup } from './play-setup.ts'
import type { Player, PlayerView, Signal } from './player.ts'
import type { QueueKeeper } from './queue-keeper.ts'
import { shownMedia } from './shown-media.ts'
import type { DeckEvent, Loading, SoundDeck } from './sound-deck.ts'

export type PlayerDeps = {
  readonly createDeck: (on: (event: DeckEvent) => void) => SoundDeck
  readonly setup: PlaySetup
  readonly keeper: QueueKeeper
  readonly licenses: LicenseHolder
  readonly library: Pick<Library, 'track'>
  readonly settings: SettingsStore
  readonly controls: MediaControls
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly random: Random
  /** Sound begins or ends: what waits for silence may happen. */
  readonly onSounding: (isSounding: boolean) => void
  /** Fetches the first chunks of a track ahead of its turn. */
  readonly prefetch: (track: Track) => void
}

/** The next track is made ready this long before the end, and its first chunks are fetched this long after the start of the one before. */
const prepareBeforeMs = 12_000
const prefetchAfterMs = 5_000
const restartAfterMs = 3_000

export const createPlayer = (deps: PlayerDeps): Player & { start(): Promise<void>; rest(): void } => {
  const { clock, random, keeper } = deps
  let model = idleModel
  let queue = queues.emptyQueue
  let tracks: ReadonlyMap<string, Track> = new Map()
  let [volume, isMuted, hasStarted] = [1, false, false]
  let prefetched: QueueEntryId | undefined
  const stale = new Set<string>()

  const currentTrack = (): Track | undefined => trackOf(queues.currentEntry(queue))
  const trackOf = (entry: queues.QueueEntry | undefined): Track | undefined => (entry === undefined ? undefined : tracks.get(entry.trackId))
  const positionMs = (): number => (model.state.kind === 'playing' ? (deck.positionMs() ?? statePositionMs(model.state, clock.now())) : statePositionMs(model.state, clock.now()))
  const gainOf = (track: Track): number => {
    const own = deps.setup.headOf(track, deps.settings.view.get().quality).loudness
    const loudness = loudnessFor({ track, own, context: queue.context, setting: deps.settings.view.get().loudness, isShuffled: queue.isShuffled })
    return loudness === undefined ? 0 : gainDb(loudness)
  }
  const outputVolume = (track: Track): number => (isMuted ? 0 : Math.min(1, volume * linearOf(gainOf(track))))

  const signal = (track: Track | undefined): Signal | undefined => {
    const [head, sent] = [deck.head(), deck.signal(positionMs())]
    if (track === undefined || head === undefined || sent === undefined) return undefined
    return { codec: head.ladder, bitrateBps: sent.bitrateBps, sampleRateHz: head.sampleRateHz, gainDb: gainOf(track), source: sent.origin }
  }

  const makeView = (): PlayerView => {
    const current = currentTrack()
    const hasNext = queues.nextEntry(queue, 'asked') !== undefined
    const hasPrevious = model.state.kind !== 'idle'
    return { state: model.state, queue, tracks, current, durationMs: current?.durationMs ?? 0, volume, isMuted, signal: signal(current), hasNext, hasPrevious }
  }

  const show = (): void => {
    const before = view.get()
    view.set(makeView())
    const { state, current } = view.get()
    if (before.current !== current) deps.controls.show(current === undefined ? undefined : shownMedia(current))
    if (before.state === state) return
    const isSounding = state.kind === 'playing' || state.kind === 'loading'
    deps.controls.setState({ kind: state.kind === 'idle' ? 'none' : isSounding ? 'playing' : 'paused', positionMs: positionMs(), durationMs: current?.durationMs ?? 0 })
    deps.onSounding(isSounding)
  }

  const loadingOf = (entry: queues.QueueEntry, at: number): Loading | undefined => {
    const track = trackOf(entry)
    return track === undefined ? undefined : { entryId: entry.id, track, positionMs: at, volume: outputVolume(track), quality: deps.settings.view.get().quality }
  }

  /** A chunk that is gone may mean that the recording was encoded anew: the catalog has its new head. */
  const refreshed = async (entry: queues.QueueEntry): Promise<void> => {
    if (!stale.delete(entry.trackId)) return
    const answer = await deps.library.track(entry.trackId, AbortSignal.timeout(10_000))
    if (answer.kind === 'ready') tracks = new Map(tracks).set(entry.trackId, answer.value)
  }

  const open = async (effect: Extract<PlaybackEffect, { kind: 'open' }>): Promise<void> => {
    const entry = queue.entries.find((each) => each.id === effect.entryId)
    if (entry !== undefined && stale.has(entry.trackId)) await refreshed(entry).catch(() => undefined)
    const { state } = model
    const isWanted = state.kind === 'loading' && state.entryId === effect.entryId
    const loading = entry === undefined || !isWanted ? undefined : loadingOf(entry, state.positionMs)
    if (loading === undefined) return
    deck.open(loading, effect.afterMs)
  }

  const advance = (): void => {
    const next = queues.nextEntry(queue, 'ended')
    if (next === undefined) return dispatchRest()
    queue = queues.goTo(queue, next.id)
    if (!deck.takePrepared(next.id)) return goTo(next.id, 0, true)
    const entryId = next.id
    model = { ...idleModel, isOpen: true, state: { kind: 'loading', entryId, positionMs: 0, sinceMs: clock.now() } }
    afterQueueChange()
  }

  /** The queue is at its end: the last track stands at its beginning. */
  const dispatchRest = (): void => {
    const entry = queues.currentEntry(queue)
    dispatch(entry === undefined ? { kind: 'stop' } : { kind: 'go', entryId: entry.id, positionMs: 0, isWanted: false })
    keeper.keepPosition(0)
  }

  const apply = (effect: PlaybackEffect): void => {
    if (effect.kind === 'open') void open(effect)
    else if (effect.kind === 'advance') advance()
    else if (effect.kind === 'seek') deck.seek(effect.positionMs)
    else deck[effect.kind]()
  }

  const dispatch = (event: PlaybackEvent): void => {
    const step = stepPlayback(model, event, clock.now())
    model = step.model
    for (const effect of step.effects) apply(effect)
    show()
  }

  const onDeck = (event: DeckEvent): void => {
    const entry = queues.currentEntry(queue)
    if (event.kind === 'failed' && event.isStale && entry !== undefined) stale.add(entry.trackId)
    if (event.kind === 'failed') dispatch(event)
    else dispatch(event.kind === 'sounding' ? { kind: event.kind, positionMs: deck.positionMs() ?? 0 } : { kind: event.kind })
  }

  const deck = deps.createDeck(onDeck)
  const view = createCell<PlayerView>({ state: model.state, queue, tracks, current: undefined, durationMs: 0, volume, isMuted, signal: undefined, hasNext: false, hasPrevious: false })

  const keep = (): void => keeper.keep({ queue, tracks: [...tracks.values()], positionMs: positionMs(), volume, isMuted })
  const afterQueueChange = (): void => {
    deps.licenses.want(queues.upcomingEntries(queue).slice(0, 50).map((entry) => entry.recordingId))
    keep()
    show()
  }
  const goTo = (entryId: QueueEntryId, at: number, isWanted: boolean): void => {
    hasStarted = true
    queue = queues.goTo(queue, entryId)
    prefetched = undefined
    dispatch({ kind: 'go', entryId, positionMs: at, isWanted })
    keeper.keepPosition(at)
    afterQueueChange()
  }
  const changeQueue = (changed: queues.Queue): void => {
    hasStarted = true
    const before = queue.currentId
    queue = changed
    const isWanted = model.state.kind === 'playing' || model.state.kind === 'loading'
    if (queue.currentId === undefined && before !== undefined) dispatch({ kind: 'stop' })
    else if (queue.currentId !== undefined && queue.currentId !== before) return goTo(queue.currentId, 0, before === undefined ? false : isWanted)
    afterQueueChange()
  }
  const entriesOf = (added: readonly Track[], origin: queues.QueueEntry['origin']): queues.QueueEntry[] => {
    tracks = new Map([...tracks, ...added.map((track): [string, Track] => [track.id, track])])
    return added.map((track, index) => ({ id: parseQueueEntryId(toBase32(random.bytes(16))), trackId: track.id, recordingId: track.recordingId, origin, contextOrder: origin === 'context' ? index : 0 }))
  }
  const draw = (below: number): number => random.below(Math.max(1, below))

  const lookAhead = (): void => {
    const next = queues.nextEntry(queue, 'ended')
    const track = trackOf(next)
    const [at, current] = [positionMs(), currentTrack()]
    if (next === undefined || track === undefined || current === undefined) return
    if (at > prefetchAfterMs && prefetched !== next.id) {
      prefetched = next.id
      deps.prefetch(track)
    }
    const loading = current.durationMs - at < prepareBeforeMs ? loadingOf(next, 0) : undefined
    // Repeat one: the same entry cannot be prepared beside itself, and its chunks are at hand.
    if (loading !== undefined && next.id !== queue.currentId) deck.prepare(loading)
  }

  const everySecond = (): void => {
    const isSounding = model.state.kind === 'playing' || model.state.kind === 'loading'
    deck.tell(isSounding)
    if (model.state.kind !== 'playing') return
    dispatch({ kind: 'tick', positionMs: deck.positionMs() ?? positionMs() })
    keeper.keepPosition(positionMs())
    lookAhead()
  }

  const play = (): void => {
    const entry = queues.currentEntry(queue) ?? queue.entries[0]
    if (model.state.kind !== 'idle') dispatch({ kind: 'play' })
    else if (entry !== undefined) goTo(entry.id, 0, true)
  }
  const pause = (): void => {
    dispatch({ kind: 'pause' })
    keeper.keepPosition(positionMs())
  }
  const seek = (to: number): void => {
    const at = Math.max(0, Math.min(to, (currentTrack()?.durationMs ?? 0) - 50))
    dispatch({ kind: 'seek', positionMs: at })
    keeper.keepPosition(at)
  }
  const next = (): void => {
    const entry = queues.nextEntry(queue, 'asked')
    if (entry !== undefined) goTo(entry.id, 0, true)
  }
  const previous = (): void => {
    const entry = queues.previousEntry(queue)
    if (positionMs() > restartAfterMs || entry === undefined) seek(0)
    else goTo(entry.id, 0, true)
  }
  const setOutputVolume = (): void => {
    const track = currentTrack()
    if (track !== undefined) deck.setVolume(outputVolume(track))
    keep()
    show()
  }

  deps.controls.onAction((action) => {
    if (action.kind === 'seek') seek(action.positionMs)
    else if (action.kind === 'skip') seek(positionMs() + action.byMs)
    else if (action.kind === 'stop') pause()
    else ({ play, pause, next, previous })[action.kind]()
  })

  const restore = async (): Promise<void> => {
    const kept = await keeper.read().catch(() => undefined)
    // Whoever pressed play meanwhile has the word.
    if (kept === undefined || hasStarted) return
    queue = kept.queue
    tracks = new Map(kept.tracks.map((track) => [track.id, track]))
    volume = kept.volume
    isMuted = kept.isMuted
    const entry = queues.currentEntry(queue)
    keeper.keep(kept)
    if (entry !== undefined) dispatch({ kind: 'go', entryId: entry.id, positionMs: kept.positionMs, isWanted: false })
    else show()
    deps.licenses.want(queue.entries.slice(0, 50).map((each) => each.recordingId))
  }

  return {
    view,
    positionMs,
    start: async () => {
      await restore()
      clock.every(1000, everySecond)
      deps.settings.view.subscribe(setOutputVolume)
      // What failed for want of a server goes on by itself when there is one.
      deps.isOnline.subscribe(() => {
        const { state } = model
        if (deps.isOnline.get() && state.kind === 'failed' && (state.problem === 'server-unreachable' || state.problem === 'offline-not-kept')) play()
      })
      deps.setup.dropOld()
    },
    rest: () => keeper.keepPosition(positionMs()),
    playTracks: ({ context, tracks: chosen, startAt }) => {
      const entries = entriesOf(chosen, 'context')
      queue = queues.playContext(queue, { context, entries, startId: startAt === undefined ? undefined : entries[startAt]?.id }, draw)
      if (queue.currentId !== undefined) goTo(queue.currentId, 0, true)
    },
    toggle: () => (model.state.kind === 'playing' || model.state.kind === 'loading' ? pause() : play()),
    play,
    pause,
    next,
    previous,
    seek,
    setVolume: (wanted) => {
      volume = Math.max(0, Math.min(1, wanted))
      isMuted = false
      setOutputVolume()
    },
    setMuted: (wanted) => {
      isMuted = wanted
      setOutputVolume()
    },
    setShuffle: (isShuffled) => changeQueue(queues.setShuffle(queue, isShuffled, draw)),
    setRepeat: (repeat) => changeQueue(queues.setRepeat(queue, repeat)),
    playNext: (added) => changeQueue(queues.playNext(queue, entriesOf(added, 'person'))),
    addToQueue: (added) => changeQueue(queues.addToQueue(queue, entriesOf(added, 'person'))),
    jumpTo: (id) => goTo(id, 0, true),
    remove: (id) => changeQueue(queues.removeEntry(queue, id)),
    move: (id, toIndex) => changeQueue(queues.moveEntry(queue, id, toIndex)),
    clearUpcoming: () => changeQueue(queues.clearUpcoming(queue)),
  }
}
