import type { QueueEntryId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { durationMsOf } from '@tonestead/protocol/manifest'
import type { AudioOutput, Sound, SoundEvent } from '../../ports/audio-output.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { StreamWorker } from '../../ports/stream-worker.ts'
import { licenseProblem, streamFailureOf } from '../failures/failure-table.ts'
import type { LicenseHolder } from '../licensing/license-holder.ts'
import type { Settings } from '../settings/settings.ts'
import type { PlaybackProblem } from './playback-state.ts'
import type { Play, PlaySetup } from './play-setup.ts'
import { createSentSlots, type SentSlot } from './sent-slots.ts'

export type DeckEvent =
  | { readonly kind: 'playing' | 'waiting' | 'paused' | 'ended' | 'blocked' }
  | {
      readonly kind: 'failed'
      readonly problem: PlaybackProblem
      readonly isRetryable: boolean
      readonly isStale: boolean
    }

export type Loading = {
  readonly entryId: QueueEntryId
  readonly track: Track
  readonly positionMs: number
  readonly volume: number
  readonly quality: Settings['quality']
}

/** Plays tracks, two at a time: the current one, and the next one, which is prepared near the end of the current one. Commands are for the current one. */
export type PlaybackDeck = {
  open(loading: Loading, afterMs: number): void
  /** Opens the next track without playing it. */
  prepare(loading: Loading): void
  /** Plays the prepared track at once; false when another entry is prepared. */
  takePrepared(entryId: QueueEntryId): boolean
  play(): void
  pause(): void
  seek(positionMs: number): void
  setVolume(volume: number): void
  positionMs(): number | undefined
  sentSlotAt(positionMs: number): SentSlot | undefined
  head(): Play['head'] | undefined
  close(): void
  /** Reports the playback position to the worker; called once a second. */
  reportPosition(isPlaying: boolean): void
}

export type DeckDeps = {
  readonly output: AudioOutput
  readonly setup: PlaySetup
  readonly worker: StreamWorker
  readonly licenses: LicenseHolder
  readonly clock: Clock
  readonly log: Log
  readonly serverKey: (signal: AbortSignal) => Promise<SigningJwk | undefined>
  readonly isOnline: () => boolean
  /** Whether this browser plays what the worker serves; undefined until that is known. */
  readonly isPathGood: () => boolean | undefined
  /** Without a service worker: another URL for the same play, or undefined. It reads ahead of the position until the signal aborts. */
  readonly withoutWorker: (play: {
    readonly playId: string
    readonly positionMs: () => number
    readonly signal: AbortSignal
  }) => Promise<string | undefined>
}

/** A track that is being opened or is open. */
type OpenPlay = {
  readonly entryId: QueueEntryId
  readonly stop: AbortController
  isPlayWanted: boolean
  volume: number
  positionMs: number
  play: Play | undefined
  sound: Sound | undefined
  problem: string | undefined
}

/** The media element and the worker report a failure independently: the cause is awaited this long. */
const causeMs = 150
/** An `ended` this far before the end is a broken stream. */
const falseEndMs = 2_000
const readyMs = 8_000

type DeckState = DeckDeps & {
  readonly on: (event: DeckEvent) => void
  readonly sentSlots: ReturnType<typeof createSentSlots>
  current: OpenPlay | undefined
  prepared: OpenPlay | undefined
}

export const createPlaybackDeck = (deps: DeckDeps, on: (event: DeckEvent) => void): PlaybackDeck => {
  const state: DeckState = { ...deps, on, sentSlots: createSentSlots(), current: undefined, prepared: undefined }
  subscribeToWorker(state)
  const { sentSlots, worker } = state
  return {
    open: (loading, afterMs) => {
      discard(state, state.current)
      state.current = start(state, loading, { isPlayWanted: true, afterMs })
    },
    prepare: (loading) => {
      if (state.prepared?.entryId === loading.entryId) return
      discard(state, state.prepared)
      state.prepared = start(state, loading, { isPlayWanted: false, afterMs: 0 })
    },
    takePrepared: (entryId) => takePrepared(state, entryId),
    play: () => {
      if (state.current === undefined) return
      state.current.isPlayWanted = true
      state.current.sound?.play()
    },
    pause: () => {
      if (state.current === undefined) return
      state.current.isPlayWanted = false
      state.current.sound?.pause()
    },
    seek: (positionMs) => {
      const { current } = state
      if (current === undefined) return
      current.positionMs = positionMs
      current.sound?.seek(positionMs)
      if (current.play !== undefined)
        worker.post({ kind: 'position', playId: current.play.playId, positionMs, isPlaying: current.isPlayWanted })
    },
    setVolume: (volume) => {
      if (state.current === undefined) return
      state.current.volume = volume
      state.current.sound?.setVolume(volume)
    },
    positionMs: () => state.current?.sound?.positionMs(),
    sentSlotAt: (positionMs) =>
      state.current?.play === undefined ? undefined : sentSlots.at(state.current.play, positionMs),
    head: () => state.current?.play?.head,
    close: () => {
      discard(state, state.current)
      discard(state, state.prepared)
      state.current = state.prepared = undefined
    },
    reportPosition: (isPlaying) => {
      postPosition(state, state.current, isPlaying)
      postPosition(state, state.prepared, false)
    },
  }
}

const subscribeToWorker = (state: DeckState): void => {
  state.worker.onMessage((message) => {
    if (message.kind === 'log') return
    const side = [state.current, state.prepared].find((each) => each?.play?.playId === message.playId)
    if (message.kind === 'slot-sent') state.sentSlots.add(message)
    else if (side !== undefined) side.problem = message.problem
  })
}

const start = (state: DeckState, loading: Loading, options: { isPlayWanted: boolean; afterMs: number }): OpenPlay => {
  const { entryId, positionMs, volume } = loading
  const side: OpenPlay = {
    entryId,
    stop: new AbortController(),
    isPlayWanted: options.isPlayWanted,
    volume,
    positionMs,
    play: undefined,
    sound: undefined,
    problem: undefined,
  }
  const run = async (): Promise<void> => {
    if (options.afterMs > 0) await state.clock.after(options.afterMs, side.stop.signal)
    await begin(state, side, loading)
  }
  run().catch((cause: unknown) => {
    state.log.failed('a track was not opened')(cause)
    fail(state, side, { problem: 'player-failed' })
  })
  return side
}

const begin = async (state: DeckState, side: OpenPlay, loading: Loading): Promise<void> => {
  const { signal } = side.stop
  const isReady = state.worker
    .ready(AbortSignal.any([signal, AbortSignal.timeout(readyMs)]))
    .catch(state.log.failed('the service worker is not ready'))
  const serverKey = await state.serverKey(signal)
  if (serverKey === undefined) return void fail(state, side, { problem: 'server-unreachable', code: 'unreachable' })
  const play = await state.setup.begin(loading.track, { quality: loading.quality, serverKey })
  side.play = play
  if (signal.aborted) return void state.setup.end(play.playId)
  // While the worker fetches the first chunk: it needs the key only to decrypt.
  requestLicense(state, side, play).catch(state.log.failed('no license was requested'))
  state.worker.post({ kind: 'warm', playId: play.playId, positionMs: side.positionMs })
  const url =
    (await isReady) === true && state.isPathGood() !== false
      ? play.url
      : await state.withoutWorker({
          playId: play.playId,
          positionMs: () => side.sound?.positionMs() ?? side.positionMs,
          signal,
        })
  signal.throwIfAborted()
  if (url === undefined) return void fail(state, side, { problem: 'player-failed', code: 'no-path' })
  side.sound = state.output.open({ url, positionMs: side.positionMs, volume: side.volume }, (event) =>
    onSound(state, side, event),
  )
  if (side.isPlayWanted) side.sound.play()
}

const requestLicense = async (state: DeckState, side: OpenPlay, { head }: Play): Promise<void> => {
  const outcome = await state.licenses.ensure({ id: head.recordingId, keyVersion: head.keyVersion }, side.stop.signal)
  if (outcome !== 'held')
    fail(state, side, {
      problem: licenseProblem(outcome, state.isOnline()),
      code: outcome === 'offline' ? 'unreachable' : 'key-missing',
    })
}

const onSound = (state: DeckState, side: OpenPlay, event: SoundEvent): void => {
  if (side.stop.signal.aborted) return
  const isFalseEnd =
    event.kind === 'ended' &&
    side.play !== undefined &&
    (side.sound?.positionMs() ?? 0) < durationMsOf(side.play.head) - falseEndMs
  if (event.kind === 'failed' || isFalseEnd) void onFailed(state, side)
  else if (side === state.current) state.on({ kind: event.kind })
}

const onFailed = async (state: DeckState, side: OpenPlay): Promise<void> => {
  if (side.problem === undefined) await state.clock.after(causeMs, side.stop.signal).catch(onAbort)
  fail(state, side, { problem: streamFailureOf(side.problem).shownAs, code: side.problem })
}

/** The track was closed meanwhile: `fail` does nothing then. */
const onAbort = (): void => undefined

/** A prepared track that failed is dropped silently: it is opened again when it becomes the current one. */
const fail = (
  state: DeckState,
  side: OpenPlay,
  cause: { problem: PlaybackProblem; code?: string | undefined },
): void => {
  if (side.stop.signal.aborted) return
  if (side === state.prepared) {
    state.prepared = undefined
    discard(state, side)
    return
  }
  state.on({
    kind: 'failed',
    problem: cause.problem,
    isRetryable: streamFailureOf(cause.code).retry === 'after-delay',
    isStale: cause.code === 'chunk-gone',
  })
}

const takePrepared = (state: DeckState, entryId: QueueEntryId): boolean => {
  const { current, prepared } = state
  if (prepared?.entryId !== entryId || prepared.sound === undefined || prepared.problem !== undefined) return false
  prepared.isPlayWanted = true
  prepared.sound.play()
  state.current = prepared
  state.prepared = undefined
  discard(state, current)
  return true
}

const discard = (state: DeckState, side: OpenPlay | undefined): void => {
  if (side === undefined) return
  side.stop.abort()
  side.sound?.close()
  if (side.play === undefined) return
  state.sentSlots.forget(side.play.playId)
  state.setup.end(side.play.playId)
  state.worker.post({ kind: 'forget', playIds: [side.play.playId] })
}

const postPosition = (state: DeckState, side: OpenPlay | undefined, isPlaying: boolean): void => {
  if (side?.play === undefined) return
  state.worker.post({
    kind: 'position',
    playId: side.play.playId,
    positionMs: Math.max(0, side.sound?.positionMs() ?? side.positionMs),
    isPlaying,
  })
}
