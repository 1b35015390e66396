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
import { createSignalLog, type SentSlot } from './signal-log.ts'
import { isWorthARetry, licenseProblem, streamProblem } from './stream-problem.ts'

export type DeckEvent =
  | { readonly kind: 'sounding' | 'waiting' | 'halted' | 'ended' | 'blocked' }
  | { readonly kind: 'failed'; readonly problem: PlaybackProblem; readonly isWorthARetry: boolean; readonly isStale: boolean }

export type Loading = { readonly entryId: QueueEntryId; readonly track: Track; readonly positionMs: number; readonly volume: number; readonly quality: Settings['quality'] }

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
  signal(positionMs: number): SentSlot | undefined
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
  /** Plays without a service worker: gives another URL for the same play, or undefined. */
  readonly withoutWorker: (play: Play, signal: AbortSignal) => Promise<string | undefined>
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
  isDead: boolean
}

/** How long a failure waits for the worker's word on its cause: two processes tell of it. */
const causeMs = 150
/** An end this far before the end is a broken stream. */
const falseEndMs = 2_000
const readyMs = 8_000

export const createSoundDeck = (deps: DeckDeps, on: (event: DeckEvent) => void): SoundDeck => {
  let current: Deck | undefined
  let prepared: Deck | undefined
  const signals = createSignalLog()

  deps.worker.onMessage((message) => {
    const deck = [current, prepared].find((each) => each?.play?.playId === message.playId)
    if (message.kind === 'slot-sent') signals.add(message)
    else if (deck !== undefined) deck.problem = message.problem
  })

  const discard = (deck: Deck | undefined): void => {
    if (deck === undefined) return
    deck.isDead = true
    deck.stop.abort()
    deck.sound?.close()
    if (deck.play === undefined) return
    signals.forget(deck.play.playId)
    deps.setup.end(deck.play.playId)
    deps.worker.post({ kind: 'forget', playIds: [deck.play.playId] })
  }

  const fail = (deck: Deck, problem: PlaybackProblem, code = deck.problem): void => {
    if (deck.isDead) return
    if (deck === prepared) {
      prepared = undefined
      discard(deck)
      return
    }
    on({ kind: 'failed', problem, isWorthARetry: isWorthARetry(code, problem), isStale: code === 'chunk-gone' })
  }

  const onFailed = async (deck: Deck): Promise<void> => {
    if (deck.problem === undefined) await deps.clock.after(causeMs, deck.stop.signal).catch(() => undefined)
    fail(deck, streamProblem(deck.problem))
  }

  const onSound = (deck: Deck, event: SoundEvent): void => {
    if (deck.isDead) return
    if (event.kind === 'failed') return void onFailed(deck)
    if (deck !== current) return
    if (event.kind === 'ended' && deck.play !== undefined && (deck.sound?.positionMs() ?? 0) < durationMsOf(deck.play.head) - falseEndMs) return void onFailed(deck)
    on({ kind: event.kind })
  }

  const license = async (deck: Deck, play: Play): Promise<void> => {
    const outcome = await deps.licenses.ensure({ id: play.head.recordingId, keyVersion: play.head.keyVersion }, deck.stop.signal)
    if (outcome !== 'held') fail(deck, licenseProblem(outcome, deps.isOnline()), outcome === 'offline' ? 'unreachable' : 'key-missing')
  }

  const begin = async (deck: Deck, loading: Loading): Promise<void> => {
    const { signal } = deck.stop
    const isReady = deps.worker.ready(AbortSignal.any([signal, AbortSignal.timeout(readyMs)]))
    const serverKey = await deps.serverKey(signal)
    if (serverKey === undefined) return fail(deck, 'server-unreachable', 'unreachable')
    const play = await deps.setup.begin(loading.track, { quality: loading.quality, serverKey })
    if (deck.isDead) return deps.setup.end(play.playId)
    deck.play = play
    // Beside the first chunk: the worker needs the key only once it has that.
    license(deck, play).catch(() => undefined)
    deps.worker.post({ kind: 'warm', playId: play.playId, positionMs: deck.positionMs })
    const url = (await isReady.catch(() => false)) ? play.url : await deps.withoutWorker(play, signal)
    if (deck.isDead) return
    if (url === undefined) return fail(deck, 'player-failed', 'no-path')
    deck.sound = deps.output.open({ url, positionMs: deck.positionMs, volume: deck.volume }, (event) => onSound(deck, event))
    if (deck.wantsSound) deck.sound.play()
  }

  const start = (loading: Loading, options: { wantsSound: boolean; afterMs: number }): Deck => {
    const { entryId, positionMs, volume } = loading
    const deck: Deck = { entryId, stop: new AbortController(), wantsSound: options.wantsSound, volume, positionMs, play: undefined, sound: undefined, problem: undefined, isDead: false }
    const run = async (): Promise<void> => {
      if (options.afterMs > 0) await deps.clock.after(options.afterMs, deck.stop.signal)
      await begin(deck, loading)
    }
    run().catch(() => fail(deck, 'player-failed'))
    return deck
  }

  const tellPosition = (deck: Deck | undefined, isPlaying: boolean): void => {
    if (deck?.play !== undefined) deps.worker.post({ kind: 'position', playId: deck.play.playId, positionMs: Math.max(0, deck.sound?.positionMs() ?? deck.positionMs), isPlaying })
  }

  return {
    open: (loading, afterMs) => {
      discard(current)
      current = start(loading, { wantsSound: true, afterMs })
    },
    prepare: (loading) => {
      if (prepared?.entryId === loading.entryId) return
      discard(prepared)
      prepared = start(loading, { wantsSound: false, afterMs: 0 })
    },
    takePrepared: (entryId) => {
      if (prepared?.entryId !== entryId || prepared.sound === undefined || prepared.problem !== undefined) return false
      const before = current
      current = prepared
      prepared = undefined
      current.wantsSound = true
      current.sound?.play()
      discard(before)
      return true
    },
    play: () => {
      if (current === undefined) return
      current.wantsSound = true
      current.sound?.play()
    },
    pause: () => {
      if (current === undefined) return
      current.wantsSound = false
      current.sound?.pause()
    },
    seek: (positionMs) => {
      if (current === undefined) return
      current.positionMs = positionMs
      current.sound?.seek(positionMs)
      if (current.play !== undefined) deps.worker.post({ kind: 'position', playId: current.play.playId, positionMs, isPlaying: current.wantsSound })
    },
    setVolume: (volume) => {
      if (current === undefined) return
      current.volume = volume
      current.sound?.setVolume(volume)
    },
    positionMs: () => current?.sound?.positionMs(),
    signal: (positionMs) => (current?.play === undefined ? undefined : signals.at(current.play, positionMs)),
    head: () => current?.play?.head,
    close: () => {
      discard(current)
      discard(prepared)
      current = prepared = undefined
    },
    tell: (isPlaying) => {
      tellPosition(current, isPlaying)
      tellPosition(prepared, false)
    },
  }
}
