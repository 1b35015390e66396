import type { QueueEntryId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { durationMsOf } from '@tonestead/protocol/manifest'
import type { AudioOutput, Sound, SoundEvent } from '../../ports/audio-output.ts'
import type { Clock } from '../../ports/clock.ts'
import type { StreamWorker } from '../../ports/stream-worker.ts'
import type { LicenseHolder } from '../licensing/license-holder.ts'
import type { Settings } from '../settings/settings.ts'
import type { PlaybackProblem } from './playback-state.ts'
import type { Play, PlaySetup } from './play-setup.ts'
import { createStreamInfoLog, type SentSlot } from './stream-info-log.ts'
import { isWorthARetry, licenseProblem, streamProblem } from './stream-problem.ts'

export type DeckEvent =
  | { readonly kind: 'sounding' | 'waiting' | 'halted' | 'ended' | 'blocked' }
  | {
      readonly kind: 'failed'
      readonly problem: PlaybackProblem
      readonly isWorthARetry: boolean
      readonly isStale: boolean
    }

export type Loading = {
  readonly entryId: QueueEntryId
  readonly track: Track
  readonly positionMs: number
  readonly volume: number
  readonly quality: Settings['quality']
}

/** Two alternating sounds: the one that plays, and the next one made ready near its end. Commands are for the one that plays. */
export type SoundDeck = {
  open(loading: Loading, afterMs: number): void
  /** Makes the next one ready without a sound. */
  prepare(loading: Loading): void
  /** Plays the prepared one at once; false when that entry is not the one. */
  takePrepared(entryId: QueueEntryId): boolean
  play(): void
  pause(): void
  seek(positionMs: number): void
  setVolume(volume: number): void
  positionMs(): number | undefined
  sentAt(positionMs: number): SentSlot | undefined
  head(): Play['head'] | undefined
  close(): void
  /** Once a second: tells the worker where the ears are. */
  tell(isPlaying: boolean): void
}

export type DeckDeps = {
  readonly output: AudioOutput
  readonly setup: PlaySetup
  readonly worker: StreamWorker
  readonly licenses: LicenseHolder
  readonly clock: Clock
  readonly serverKey: (signal: AbortSignal) => Promise<SigningJwk | undefined>
  readonly isOnline: () => boolean
  /** Whether this browser plays what the worker gives; undefined until that is known. */
  readonly isPathGood: () => boolean | undefined
  /** Plays without a service worker: gives another URL for the same play, or undefined. Follows the ear until the signal aborts. */
  readonly withoutWorker: (listening: {
    readonly playId: string
    readonly positionMs: () => number
    readonly signal: AbortSignal
  }) => Promise<string | undefined>
}

/** One opened play. */
type Deck = {
  readonly entryId: QueueEntryId
  readonly stop: AbortController
  wantsSound: boolean
  volume: number
  positionMs: number
  play: Play | undefined
  sound: Sound | undefined
  problem: string | undefined
}

/** How long a failure waits for the worker's word on its cause: two processes tell of it. */
const causeMs = 150
/** An end this far before the end is a broken stream. */
const falseEndMs = 2_000
const readyMs = 8_000

type DeckState = DeckDeps & {
  readonly on: (event: DeckEvent) => void
  readonly signals: ReturnType<typeof createStreamInfoLog>
  current: Deck | undefined
  prepared: Deck | undefined
}

export const createSoundDeck = (deps: DeckDeps, on: (event: DeckEvent) => void): SoundDeck => {
  const state: DeckState = { ...deps, on, signals: createStreamInfoLog(), current: undefined, prepared: undefined }
  subscribeToWorker(state)
  const { signals, worker } = state
  return {
    open: (loading, afterMs) => {
      discard(state, state.current)
      state.current = start(state, loading, { wantsSound: true, afterMs })
    },
    prepare: (loading) => {
      if (state.prepared?.entryId === loading.entryId) return
      discard(state, state.prepared)
      state.prepared = start(state, loading, { wantsSound: false, afterMs: 0 })
    },
    takePrepared: (entryId) => takePrepared(state, entryId),
    play: () => {
      if (state.current === undefined) return
      state.current.wantsSound = true
      state.current.sound?.play()
    },
    pause: () => {
      if (state.current === undefined) return
      state.current.wantsSound = false
      state.current.sound?.pause()
    },
    seek: (positionMs) => {
      const { current } = state
      if (current === undefined) return
      current.positionMs = positionMs
      current.sound?.seek(positionMs)
      if (current.play !== undefined)
        worker.post({ kind: 'position', playId: current.play.playId, positionMs, isPlaying: current.wantsSound })
    },
    setVolume: (volume) => {
      if (state.current === undefined) return
      state.current.volume = volume
      state.current.sound?.setVolume(volume)
    },
    positionMs: () => state.current?.sound?.positionMs(),
    sentAt: (positionMs) =>
      state.current?.play === undefined ? undefined : signals.at(state.current.play, positionMs),
    head: () => state.current?.play?.head,
    close: () => {
      discard(state, state.current)
      discard(state, state.prepared)
      state.current = state.prepared = undefined
    },
    tell: (isPlaying) => {
      tellPosition(state, state.current, isPlaying)
      tellPosition(state, state.prepared, false)
    },
  }
}

const subscribeToWorker = (state: DeckState): void => {
  state.worker.onMessage((message) => {
    if (message.kind === 'log') return
    const deck = [state.current, state.prepared].find((each) => each?.play?.playId === message.playId)
    if (message.kind === 'slot-sent') state.signals.add(message)
    else if (deck !== undefined) deck.problem = message.problem
  })
}

const start = (state: DeckState, loading: Loading, options: { wantsSound: boolean; afterMs: number }): Deck => {
  const { entryId, positionMs, volume } = loading
  const deck: Deck = {
    entryId,
    stop: new AbortController(),
    wantsSound: options.wantsSound,
    volume,
    positionMs,
    play: undefined,
    sound: undefined,
    problem: undefined,
  }
  const run = async (): Promise<void> => {
    if (options.afterMs > 0) await state.clock.after(options.afterMs, deck.stop.signal)
    await begin(state, deck, loading)
  }
  run().catch(() => fail(state, deck, { problem: 'player-failed' }))
  return deck
}

const begin = async (state: DeckState, deck: Deck, loading: Loading): Promise<void> => {
  const { signal } = deck.stop
  const isReady = state.worker.ready(AbortSignal.any([signal, AbortSignal.timeout(readyMs)])).catch(() => false)
  const serverKey = await state.serverKey(signal)
  if (serverKey === undefined) return void fail(state, deck, { problem: 'server-unreachable', code: 'unreachable' })
  const play = await state.setup.begin(loading.track, { quality: loading.quality, serverKey })
  deck.play = play
  if (signal.aborted) return void state.setup.end(play.playId)
  // Beside the first chunk: the worker needs the key only once it has that.
  licensed(state, deck, play).catch(() => undefined)
  state.worker.post({ kind: 'warm', playId: play.playId, positionMs: deck.positionMs })
  const url =
    (await isReady) && state.isPathGood() !== false
      ? play.url
      : await state.withoutWorker({
          playId: play.playId,
          positionMs: () => deck.sound?.positionMs() ?? deck.positionMs,
          signal,
        })
  signal.throwIfAborted()
  if (url === undefined) return void fail(state, deck, { problem: 'player-failed', code: 'no-path' })
  deck.sound = state.output.open({ url, positionMs: deck.positionMs, volume: deck.volume }, (event) =>
    onSound(state, deck, event),
  )
  if (deck.wantsSound) deck.sound.play()
}

const licensed = async (state: DeckState, deck: Deck, { head }: Play): Promise<void> => {
  const outcome = await state.licenses.ensure({ id: head.recordingId, keyVersion: head.keyVersion }, deck.stop.signal)
  if (outcome !== 'held')
    fail(state, deck, {
      problem: licenseProblem(outcome, state.isOnline()),
      code: outcome === 'offline' ? 'unreachable' : 'key-missing',
    })
}

const onSound = (state: DeckState, deck: Deck, event: SoundEvent): void => {
  if (deck.stop.signal.aborted) return
  const isFalseEnd =
    event.kind === 'ended' &&
    deck.play !== undefined &&
    (deck.sound?.positionMs() ?? 0) < durationMsOf(deck.play.head) - falseEndMs
  if (event.kind === 'failed' || isFalseEnd) void onFailed(state, deck)
  else if (deck === state.current) state.on({ kind: event.kind })
}

const onFailed = async (state: DeckState, deck: Deck): Promise<void> => {
  if (deck.problem === undefined) await state.clock.after(causeMs, deck.stop.signal).catch(() => undefined)
  fail(state, deck, { problem: streamProblem(deck.problem), code: deck.problem })
}

/** One that was only made ready is dropped without a word: its turn brings another try. */
const fail = (state: DeckState, deck: Deck, cause: { problem: PlaybackProblem; code?: string | undefined }): void => {
  if (deck.stop.signal.aborted) return
  if (deck === state.prepared) {
    state.prepared = undefined
    discard(state, deck)
    return
  }
  state.on({
    kind: 'failed',
    problem: cause.problem,
    isWorthARetry: isWorthARetry(cause.code, cause.problem),
    isStale: cause.code === 'chunk-gone',
  })
}

const takePrepared = (state: DeckState, entryId: QueueEntryId): boolean => {
  const { current, prepared } = state
  if (prepared?.entryId !== entryId || prepared.sound === undefined || prepared.problem !== undefined) return false
  prepared.wantsSound = true
  prepared.sound.play()
  state.current = prepared
  state.prepared = undefined
  discard(state, current)
  return true
}

const discard = (state: DeckState, deck: Deck | undefined): void => {
  if (deck === undefined) return
  deck.stop.abort()
  deck.sound?.close()
  if (deck.play === undefined) return
  state.signals.forget(deck.play.playId)
  state.setup.end(deck.play.playId)
  state.worker.post({ kind: 'forget', playIds: [deck.play.playId] })
}

const tellPosition = (state: DeckState, deck: Deck | undefined, isPlaying: boolean): void => {
  if (deck?.play === undefined) return
  state.worker.post({
    kind: 'position',
    playId: deck.play.playId,
    positionMs: Math.max(0, deck.sound?.positionMs() ?? deck.positionMs),
    isPlaying,
  })
}
