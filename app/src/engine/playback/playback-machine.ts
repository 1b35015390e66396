import type { QueueEntryId } from '@tonestead/crdt/ids'
import { parseDurationMs, type UnixMs } from '@tonestead/crdt/instant'
import { positionAt } from '@tonestead/crdt/playback'
import { streamRetryDelaysMs } from '../failures/retries.ts'
import type { PlaybackProblem, PlaybackState } from './playback-state.ts'

// What the player does, as a pure function: (model, event) → model and effects. `transport.ts` carries the effects out.

export type PlaybackModel = {
  readonly state: PlaybackState
  /** The current entry is open in the deck. */
  readonly isOpen: boolean
  /** Failures since playback last ran for a while. */
  readonly failures: number
  /** Where the last failure was. Playback that gets well beyond it has recovered. */
  readonly failedAtMs: number
}

export type PlaybackEvent =
  | { readonly kind: 'go'; readonly entryId: QueueEntryId; readonly positionMs: number; readonly isWanted: boolean }
  /** The queue ended or was emptied. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'play' | 'pause' | 'waiting' | 'paused' | 'ended' | 'blocked' }
  | { readonly kind: 'seek'; readonly positionMs: number }
  | { readonly kind: 'playing' | 'tick'; readonly positionMs: number }
  | { readonly kind: 'failed'; readonly problem: PlaybackProblem; readonly isRetryable: boolean }

export type PlaybackEffect =
  | { readonly kind: 'open'; readonly entryId: QueueEntryId; readonly positionMs: number; readonly afterMs: number }
  | { readonly kind: 'play' | 'pause' | 'close' | 'advance' }
  | { readonly kind: 'seek'; readonly positionMs: number }

export type Step = { readonly model: PlaybackModel; readonly effects: readonly PlaybackEffect[] }

export const idleModel: PlaybackModel = { state: { kind: 'idle' }, isOpen: false, failures: 0, failedAtMs: 0 }

const recoveredMs = 5_000
/** An anchor that is off by no more than this is not replaced, so that the page is not rendered anew every second. */
const toleranceMs = 50

/** The playback position by the state. */
export const statePositionMs = (state: PlaybackState, now: UnixMs): number => {
  if (state.kind === 'idle') return 0
  return state.kind === 'playing' ? positionAt(state.anchor, now, Infinity) : state.positionMs
}

export const stepPlayback = (model: PlaybackModel, event: PlaybackEvent, now: UnixMs): Step => {
  if (event.kind === 'go') return go(event, now)
  if (event.kind === 'stop') return { model: idleModel, effects: [{ kind: 'close' }] }
  const { state } = model
  if (state.kind === 'idle') return same(model)
  const at = { entryId: state.entryId, positionMs: statePositionMs(state, now) }
  switch (event.kind) {
    case 'play':
      return play(model, at, now)
    case 'pause':
      return pause(model, at)
    case 'seek':
      return seek(model, event.positionMs, now)
    case 'playing':
      return playing(model, event.positionMs, now)
    case 'tick':
      return tick(model, event.positionMs, now)
    case 'failed':
      return failed(model, event, { ...at, now })
    default:
      return state.kind === 'paused' ? same(model) : onElement(model, event.kind, { ...at, now })
  }
}

/** Events of the media element. */
const onElement = (
  model: PlaybackModel,
  kind: 'waiting' | 'paused' | 'ended' | 'blocked',
  { now, ...at }: At & { now: UnixMs },
): Step => {
  if (kind === 'ended') return { model, effects: [{ kind: 'advance' }] }
  if (kind === 'blocked')
    return { model: { ...model, state: { kind: 'failed', ...at, problem: 'autoplay-blocked' } }, effects: [] }
  if (model.state.kind !== 'playing') return same(model)
  const state: PlaybackState = kind === 'waiting' ? { kind: 'loading', ...at, sinceMs: now } : { kind: 'paused', ...at }
  return { model: { ...model, state }, effects: [] }
}

type At = { readonly entryId: QueueEntryId; readonly positionMs: number }

const same = (model: PlaybackModel): Step => ({ model, effects: [] })

const go = (event: Extract<PlaybackEvent, { kind: 'go' }>, now: UnixMs): Step => {
  const { entryId, positionMs, isWanted } = event
  if (!isWanted)
    return { model: { ...idleModel, state: { kind: 'paused', entryId, positionMs } }, effects: [{ kind: 'close' }] }
  const state: PlaybackState = { kind: 'loading', entryId, positionMs, sinceMs: now }
  return {
    model: { ...idleModel, state, isOpen: true },
    effects: [{ kind: 'close' }, { kind: 'open', entryId, positionMs, afterMs: 0 }],
  }
}

const play = (model: PlaybackModel, at: At, now: UnixMs): Step => {
  if (model.state.kind === 'playing' || model.state.kind === 'loading') return same(model)
  const state: PlaybackState = { kind: 'loading', ...at, sinceMs: now }
  const next = { ...model, state, isOpen: true, failures: 0 }
  return { model: next, effects: model.isOpen ? [{ kind: 'play' }] : [{ kind: 'open', ...at, afterMs: 0 }] }
}

/** A retry that waits is given up, so that playback cannot start later by itself. */
const pause = (model: PlaybackModel, at: At): Step => {
  if (model.state.kind === 'paused') return same(model)
  const isRetrying = model.failures > 0 && model.state.kind === 'loading'
  const isOpen = model.isOpen && !isRetrying
  return {
    model: { ...model, isOpen, state: { kind: 'paused', ...at } },
    effects: [{ kind: isOpen ? 'pause' : 'close' }],
  }
}

const seek = (model: PlaybackModel, positionMs: number, now: UnixMs): Step => {
  const { state } = model
  const effects: PlaybackEffect[] = model.isOpen ? [{ kind: 'seek', positionMs }] : []
  if (state.kind === 'playing')
    return {
      model: { ...model, state: { ...state, anchor: { positionMs: parseDurationMs(positionMs), at: now, rate: 1 } } },
      effects,
    }
  if (state.kind === 'idle') return same(model)
  return { model: { ...model, state: { ...state, positionMs } }, effects }
}

const playing = (model: PlaybackModel, positionMs: number, now: UnixMs): Step => {
  const { state } = model
  // The person paused before the element started: pause the element again.
  if (state.kind === 'idle') return same(model)
  if (state.kind === 'paused') return { model, effects: [{ kind: 'pause' }] }
  const anchor = { positionMs: parseDurationMs(Math.max(0, positionMs)), at: now, rate: 1 as const }
  return { model: { ...model, state: { kind: 'playing', entryId: state.entryId, anchor } }, effects: [] }
}

/** The position of the element is the right one. After a network error the element reports 0, so that this copy is used. */
const tick = (model: PlaybackModel, positionMs: number, now: UnixMs): Step => {
  if (model.state.kind !== 'playing') return same(model)
  if (model.failures === 0 && Math.abs(statePositionMs(model.state, now) - positionMs) < toleranceMs) return same(model)
  const isRecovered = model.failures > 0 && positionMs > model.failedAtMs + recoveredMs
  const { model: next } = playing(model, positionMs, now)
  return { model: isRecovered ? { ...next, failures: 0 } : next, effects: [] }
}

const failed = (
  model: PlaybackModel,
  event: Extract<PlaybackEvent, { kind: 'failed' }>,
  { entryId, positionMs, now }: At & { now: UnixMs },
): Step => {
  const afterMs = streamRetryDelaysMs[model.failures]
  const isWanted = model.state.kind === 'playing' || model.state.kind === 'loading'
  if (!isWanted) return { model: { ...model, isOpen: false }, effects: [{ kind: 'close' }] }
  if (!event.isRetryable || afterMs === undefined) {
    return {
      model: { ...model, isOpen: false, state: { kind: 'failed', entryId, positionMs, problem: event.problem } },
      effects: [{ kind: 'close' }],
    }
  }
  const sinceMs = model.state.kind === 'loading' ? model.state.sinceMs : now
  const state: PlaybackState = { kind: 'loading', entryId, positionMs, sinceMs }
  return {
    model: { state, isOpen: true, failures: model.failures + 1, failedAtMs: positionMs },
    effects: [{ kind: 'close' }, { kind: 'open', entryId, positionMs, afterMs }],
  }
}
