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

type Table = DeckDeps & {
  readonly on: (event: DeckEvent) => void
  readonly signals: ReturnType<typeof createSignalLog>
  current: Deck | undefined
  prepared: Deck | undefined
}

export const createSoundDeck = (deps: DeckDeps, on: (event: DeckEvent) => void): SoundDeck => {
  const table: Table = { ...deps, on, signals: createSignalLog(), current: undefined, prepared: undefined }
  hearWorker(table)
  const { signals, worker } = table
  return {
    open: (loading, afterMs) => {
      discard(table, table.current)
      table.current = start(table, loading, { wantsSound: true, afterMs })
    },
    prepare: (loading) => {
      if (table.prepared?.entryId === loading.entryId) return
      discard(table, table.prepared)
      table.prepared = start(table, loading, { wantsSound: false, afterMs: 0 })
    },
    takePrepared: (entryId) => takePrepared(table, entryId),
    play: () => {
      if (table.current === undefined) return
      table.current.wantsSound = true
      table.current.sound?.play()
    },
    pause: () => {
      if (table.current === undefined) return
      table.current.wantsSound = false
      table.current.sound?.pause()
    },
    seek: (positionMs) => {
      const { current } = table
      if (current === undefined) return
      current.positionMs = positionMs
      current.sound?.seek(positionMs)
      if (current.play !== undefined)
        worker.post({ kind: 'position', playId: current.play.playId, positionMs, isPlaying: current.wantsSound })
    },
    setVolume: (volume) => {
      if (table.current === undefined) return
      table.current.volume = volume
      table.current.sound?.setVolume(volume)
    },
    positionMs: () => table.current?.sound?.positionMs(),
    signal: (positionMs) =>
      table.current?.play === undefined ? undefined : signals.at(table.current.play, positionMs),
    head: () => table.current?.play?.head,
    close: () => {
      discard(table, table.current)
      discard(table, table.prepared)
      table.current = table.prepared = undefined
    },
    tell: (isPlaying) => {
      tellPosition(table, table.current, isPlaying)
      tellPosition(table, table.prepared, false)
    },
  }
}

const hearWorker = (table: Table): void => {
  table.worker.onMessage((message) => {
    const deck = [table.current, table.prepared].find((each) => each?.play?.playId === message.playId)
    if (message.kind === 'slot-sent') table.signals.add(message)
    else if (deck !== undefined) deck.problem = message.problem
  })
}

const start = (table: Table, loading: Loading, options: { wantsSound: boolean; afterMs: number }): Deck => {
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
    if (options.afterMs > 0) await table.clock.after(options.afterMs, deck.stop.signal)
    await begin(table, deck, loading)
  }
  run().catch(() => fail(table, deck, { problem: 'player-failed' }))
  return deck
}

const begin = async (table: Table, deck: Deck, loading: Loading): Promise<void> => {
  const { signal } = deck.stop
  const isReady = table.worker.ready(AbortSignal.any([signal, AbortSignal.timeout(readyMs)])).catch(() => false)
  const serverKey = await table.serverKey(signal)
  if (serverKey === undefined) return void fail(table, deck, { problem: 'server-unreachable', code: 'unreachable' })
  const play = await table.setup.begin(loading.track, { quality: loading.quality, serverKey })
  deck.play = play
  if (signal.aborted) return void table.setup.end(play.playId)
  // Beside the first chunk: the worker needs the key only once it has that.
  licensed(table, deck, play).catch(() => undefined)
  table.worker.post({ kind: 'warm', playId: play.playId, positionMs: deck.positionMs })
  const url =
    (await isReady) && table.isPathGood() !== false
      ? play.url
      : await table.withoutWorker({
          playId: play.playId,
          positionMs: () => deck.sound?.positionMs() ?? deck.positionMs,
          signal,
        })
  signal.throwIfAborted()
  if (url === undefined) return void fail(table, deck, { problem: 'player-failed', code: 'no-path' })
  deck.sound = table.output.open({ url, positionMs: deck.positionMs, volume: deck.volume }, (event) =>
    onSound(table, deck, event),
  )
  if (deck.wantsSound) deck.sound.play()
}

const licensed = async (table: Table, deck: Deck, { head }: Play): Promise<void> => {
  const outcome = await table.licenses.ensure({ id: head.recordingId, keyVersion: head.keyVersion }, deck.stop.signal)
  if (outcome !== 'held')
    fail(table, deck, {
      problem: licenseProblem(outcome, table.isOnline()),
      code: outcome === 'offline' ? 'unreachable' : 'key-missing',
    })
}

const onSound = (table: Table, deck: Deck, event: SoundEvent): void => {
  if (deck.stop.signal.aborted) return
  const isFalseEnd =
    event.kind === 'ended' &&
    deck.play !== undefined &&
    (deck.sound?.positionMs() ?? 0) < durationMsOf(deck.play.head) - falseEndMs
  if (event.kind === 'failed' || isFalseEnd) void onFailed(table, deck)
  else if (deck === table.current) table.on({ kind: event.kind })
}

const onFailed = async (table: Table, deck: Deck): Promise<void> => {
  if (deck.problem === undefined) await table.clock.after(causeMs, deck.stop.signal).catch(() => undefined)
  fail(table, deck, { problem: streamProblem(deck.problem), code: deck.problem })
}

/** One that was only made ready is dropped without a word: its turn brings another try. */
const fail = (table: Table, deck: Deck, cause: { problem: PlaybackProblem; code?: string | undefined }): void => {
  if (deck.stop.signal.aborted) return
  if (deck === table.prepared) {
    table.prepared = undefined
    discard(table, deck)
    return
  }
  table.on({
    kind: 'failed',
    problem: cause.problem,
    isWorthARetry: isWorthARetry(cause.code, cause.problem),
    isStale: cause.code === 'chunk-gone',
  })
}

const takePrepared = (table: Table, entryId: QueueEntryId): boolean => {
  const { current, prepared } = table
  if (prepared?.entryId !== entryId || prepared.sound === undefined || prepared.problem !== undefined) return false
  prepared.wantsSound = true
  prepared.sound.play()
  table.current = prepared
  table.prepared = undefined
  discard(table, current)
  return true
}

const discard = (table: Table, deck: Deck | undefined): void => {
  if (deck === undefined) return
  deck.stop.abort()
  deck.sound?.close()
  if (deck.play === undefined) return
  table.signals.forget(deck.play.playId)
  table.setup.end(deck.play.playId)
  table.worker.post({ kind: 'forget', playIds: [deck.play.playId] })
}

const tellPosition = (table: Table, deck: Deck | undefined, isPlaying: boolean): void => {
  if (deck?.play === undefined) return
  table.worker.post({
    kind: 'position',
    playId: deck.play.playId,
    positionMs: Math.max(0, deck.sound?.positionMs() ?? deck.positionMs),
    isPlaying,
  })
}
