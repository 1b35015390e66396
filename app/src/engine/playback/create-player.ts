import * as queues from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { MediaAction, MediaControls } from '../../ports/media-controls.ts'
import type { Random } from '../../ports/random.ts'
import { createCell, type Cell } from '../cell.ts'
import { playbackProblems } from '../failures/failure-table.ts'
import type { Library } from '../library/library.ts'
import type { LicenseHolder } from '../licensing/license-holder.ts'
import type { Readable } from '../readable.ts'
import type { SettingsStore } from '../settings/settings.ts'
import type { PlaySetup } from './play-setup.ts'
import type { OwnPlayer, Player, PlayerView, StreamInfo } from './player.ts'
import { createQueueState, type QueueState } from './queue-state.ts'
import type { QueuePersistence } from './queue-persistence.ts'
import { mediaInfoOf } from './media-info.ts'
import type { DeckEvent, PlaybackDeck } from './playback-deck.ts'
import { createTransport, type Transport } from './transport.ts'
import { createVolumeControl, type VolumeControl } from './volume-control.ts'

export type PlayerDeps = {
  readonly createDeck: (on: (event: DeckEvent) => void) => PlaybackDeck
  readonly setup: PlaySetup
  readonly persistence: QueuePersistence
  readonly licenses: LicenseHolder
  readonly library: Pick<Library, 'track'>
  readonly settings: SettingsStore
  readonly controls: MediaControls
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Playback was started or stopped by the person or the queue. */
  readonly onPlayWanted: (isPlayWanted: boolean) => void
  /** Fetches the first chunks of a track in advance. */
  readonly prefetch: (track: Track) => void
}

/** The parts of the player that its commands use. */
type Parts = PlayerDeps & {
  readonly queueState: QueueState
  readonly volume: VolumeControl
  readonly transport: Transport
  readonly view: Cell<PlayerView>
  readonly update: () => void
}

/** The next track is prepared this long before the end of the current one. Its first chunks are fetched this long after the start of the current one. */
const prepareBeforeMs = 12_000
const prefetchAfterMs = 5_000
/** Licenses are requested for this many entries ahead. */
const licensedAhead = 50

export const createPlayer = (deps: PlayerDeps): OwnPlayer & { start(): Promise<void>; savePosition(): void } => {
  const queueState = createQueueState(deps.random)
  const volume = createVolumeControl({ ...deps, queueState })
  const transport = createTransport({ ...deps, queueState, volume, onChange: () => parts.update() })
  const view = createCell<PlayerView>(viewOf({ queueState, volume, transport }))
  const parts: Parts = { ...deps, queueState, volume, transport, view, update: () => updateView(parts) }
  const commands = { ...transportCommands(parts), ...queueCommands(parts) }
  deps.controls.onAction((action) => handleMediaAction(parts, commands, action))
  return {
    view,
    positionMs: transport.positionMs,
    ...commands,
    setVolume: (wanted) => setVolume(parts, { volume: Math.max(0, Math.min(1, wanted)), isMuted: false }),
    setMuted: (isMuted) => setVolume(parts, { isMuted }),
    adopt: (tracks, to) => {
      queueState.updateTracks(tracks)
      if (to !== undefined) queueState.set(to.queue)
      if (to?.queue.currentId === undefined) parts.update()
      else transport.goTo(to.queue.currentId, to)
    },
    start: () => start(parts, commands),
    savePosition: () => deps.persistence.savePosition(transport.positionMs()),
  }
}

const viewOf = ({ queueState, volume, transport }: Pick<Parts, 'queueState' | 'volume' | 'transport'>): PlayerView => {
  const [queue, state, current] = [queueState.queue(), transport.state(), queueState.current()]
  const hasNext = queues.nextEntry(queue, 'command') !== undefined
  const streamInfo = current === undefined ? undefined : streamInfoOf(transport, volume.gainDb(current))
  return {
    state,
    queue,
    tracks: queueState.tracks(),
    current,
    durationMs: current?.durationMs ?? 0,
    ...volume.get(),
    streamInfo,
    hasNext,
    hasPrevious: state.kind !== 'idle',
  }
}

const streamInfoOf = ({ deck, positionMs }: Transport, gainDb: number): StreamInfo | undefined => {
  const [head, sent] = [deck.head(), deck.sentSlotAt(positionMs())]
  return head === undefined || sent === undefined
    ? undefined
    : { codec: head.ladder, bitrateBps: sent.bitrateBps, sampleRateHz: head.sampleRateHz, gainDb, source: sent.origin }
}

const updateView = (parts: Parts): void => {
  const { view, controls, transport } = parts
  const before = view.get()
  const changed = viewOf(parts)
  if (isSameView(before, changed)) return
  view.set(changed)
  const { state, current } = view.get()
  if (before.current !== current) controls.setMedia(current === undefined ? undefined : mediaInfoOf(current))
  if (before.queue !== view.get().queue || before.tracks !== view.get().tracks) save(parts)
  if (before.state === state) return
  const isPlayWanted = transport.isPlayWanted()
  controls.setState({
    kind: state.kind === 'idle' ? 'none' : isPlayWanted ? 'playing' : 'paused',
    positionMs: transport.positionMs(),
    durationMs: current?.durationMs ?? 0,
  })
  parts.onPlayWanted(isPlayWanted)
}

const save = ({ queueState, volume, transport, persistence, licenses }: Parts): void => {
  const queue = queueState.queue()
  persistence.save({
    queue,
    tracks: [...queueState.tracks().values()],
    positionMs: transport.positionMs(),
    ...volume.get(),
  })
  const ahead = [queues.currentEntry(queue), ...queues.upcomingEntries(queue).slice(0, licensedAhead)]
  licenses.want(ahead.flatMap((entry) => entry?.recordingId ?? []))
}

/** Most of the time nothing changes from one second to the next. */
const isSameView = ({ streamInfo: a, ...before }: PlayerView, { streamInfo: b, ...after }: PlayerView): boolean => {
  const isSameStream =
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      Object.entries(a).every(([name, value]) => b[name as keyof StreamInfo] === value))
  return isSameStream && Object.entries(before).every(([name, value]) => after[name as keyof typeof after] === value)
}

const setVolume = (parts: Parts, change: { volume?: number; isMuted?: boolean }): void => {
  parts.volume.set(change)
  const track = parts.queueState.current()
  if (track !== undefined) parts.transport.deck.setVolume(parts.volume.outputVolume(track))
  save(parts)
  parts.update()
}

const transportCommands = ({ queueState, transport, persistence }: Parts) => {
  const go = (entry: queues.QueueEntry | undefined): void => {
    if (entry === undefined) return
    transport.goTo(entry.id, { positionMs: 0, isWanted: true })
    persistence.savePosition(0)
  }
  const play = (): void => {
    if (transport.state().kind === 'idle') go(queues.currentEntry(queueState.queue()) ?? queueState.queue().entries[0])
    else transport.dispatch({ kind: 'play' })
  }
  const pause = (): void => {
    transport.dispatch({ kind: 'pause' })
    persistence.savePosition(transport.positionMs())
  }
  const seek = (to: number): void => {
    // A seek to the very end would fire `ended`.
    const positionMs = Math.max(0, Math.min(to, (queueState.current()?.durationMs ?? 0) - 50))
    transport.dispatch({ kind: 'seek', positionMs })
    persistence.savePosition(positionMs)
  }
  const previous = (): void => {
    const target = queues.previousTarget(queueState.queue(), transport.positionMs())
    if (target === 'start') seek(0)
    else go(target)
  }
  return {
    play,
    pause,
    seek,
    previous,
    toggle: (): void => {
      if (transport.isPlayWanted()) pause()
      else play()
    },
    next: (): void => go(queues.nextEntry(queueState.queue(), 'command')),
    jumpTo: (id: queues.QueueEntry['id']): void => go(queueState.entry(id)),
  }
}

type QueueCommands = Pick<
  Player,
  | 'playTracks'
  | 'extendContext'
  | 'setShuffle'
  | 'setRepeat'
  | 'playNext'
  | 'addToQueue'
  | 'remove'
  | 'move'
  | 'clearUpcoming'
>

const queueCommands = ({ queueState, transport, update }: Parts): QueueCommands => {
  const change = (changed: queues.Queue): void => {
    const [before, isPlayWanted] = [queueState.queue().currentId, transport.isPlayWanted()]
    queueState.set(changed)
    if (changed.currentId === before) update()
    else if (changed.currentId === undefined) transport.dispatch({ kind: 'stop' })
    else transport.goTo(changed.currentId, { positionMs: 0, isWanted: isPlayWanted })
  }
  return {
    playTracks: ({ context, tracks, startAt, orders }) => {
      const entries = queueState.entriesOf(tracks, 'context', orders)
      queueState.set(
        queues.playContext(
          queueState.queue(),
          { context, entries, startId: startAt === undefined ? undefined : entries[startAt]?.id },
          queueState.draw,
        ),
      )
      const { currentId } = queueState.queue()
      if (currentId === undefined) transport.dispatch({ kind: 'stop' })
      else transport.goTo(currentId, { positionMs: 0, isWanted: true })
    },
    extendContext: ({ tracks, orders, end }) => {
      const entries = queueState.entriesOf(tracks, 'context', orders)
      change(queues.extendContext(queueState.queue(), { entries, end }, queueState.draw))
    },
    setShuffle: (isShuffled) => change(queues.setShuffle(queueState.queue(), isShuffled, queueState.draw)),
    setRepeat: (repeat) => change(queues.setRepeat(queueState.queue(), repeat)),
    playNext: (tracks) => change(queues.playNext(queueState.queue(), queueState.entriesOf(tracks, 'person'))),
    addToQueue: (tracks) => change(queues.addToQueue(queueState.queue(), queueState.entriesOf(tracks, 'person'))),
    remove: (id) => change(queues.removeEntry(queueState.queue(), id)),
    move: (id, toIndex) => change(queues.moveEntry(queueState.queue(), id, toIndex)),
    clearUpcoming: () => change(queues.clearUpcoming(queueState.queue())),
  }
}

type TransportCommands = ReturnType<typeof transportCommands>

const handleMediaAction = ({ transport }: Parts, commands: TransportCommands, action: MediaAction): void => {
  if (action.kind === 'seek') commands.seek(action.positionMs)
  else if (action.kind === 'skip') commands.seek(transport.positionMs() + action.byMs)
  else if (action.kind === 'stop') commands.pause()
  else commands[action.kind]()
}

const start = async (parts: Parts, commands: TransportCommands): Promise<void> => {
  const { clock, settings, isOnline, transport, setup } = parts
  await restore(parts)
  const prefetched = { entryId: '' }
  clock.every(1000, () => everySecond(parts, prefetched))
  settings.view.subscribe(() => setVolume(parts, {}))
  // What failed because the server was away is played when it is back.
  isOnline.subscribe(() => {
    const state = transport.state()
    if (isOnline.get() && state.kind === 'failed' && playbackProblems[state.problem].retry === 'when-online')
      commands.play()
  })
  setup.dropOld()
}

/** Restores the queue of the last visit, paused. Nothing is restored when the person started to play meanwhile. */
const restore = async ({ persistence, queueState, volume, transport, log }: Parts): Promise<void> => {
  const saved = await persistence.read().catch(log.failed('the saved queue was not read'))
  if (saved === undefined || queueState.queue() !== queues.emptyQueue) return
  queueState.updateTracks(saved.tracks)
  queueState.set(saved.queue)
  volume.set({ volume: saved.volume, isMuted: saved.isMuted })
  const entry = queues.currentEntry(saved.queue)
  if (entry === undefined) transport.dispatch({ kind: 'stop' })
  else transport.goTo(entry.id, { positionMs: saved.positionMs, isWanted: false })
}

const everySecond = (parts: Parts, prefetched: { entryId: string }): void => {
  const { transport, persistence } = parts
  transport.deck.reportPosition(transport.isPlayWanted())
  if (transport.state().kind !== 'playing') return
  transport.dispatch({ kind: 'tick', positionMs: transport.deck.positionMs() ?? transport.positionMs() })
  persistence.savePosition(transport.positionMs())
  lookAhead(parts, prefetched)
}

const lookAhead = ({ queueState, transport, prefetch }: Parts, prefetched: { entryId: string }): void => {
  const next = queues.nextEntry(queueState.queue(), 'ended')
  const [track, current, positionMs] = [queueState.trackOf(next), queueState.current(), transport.positionMs()]
  if (next === undefined || track === undefined || current === undefined) return
  if (positionMs > prefetchAfterMs && prefetched.entryId !== next.id) {
    prefetched.entryId = next.id
    prefetch(track)
  }
  // With repeat one the same entry cannot be prepared beside itself; its chunks are cached.
  if (current.durationMs - positionMs < prepareBeforeMs && next.id !== queueState.queue().currentId)
    transport.prepare(next)
}
