import type { DeviceId } from '@tonestead/crdt/ids'
import { parseDurationMs } from '@tonestead/crdt/instant'
import type { PlaybackAnchor, Token } from '@tonestead/crdt/listening/packed-playback'
import { currentToken, type PlaybackIntent } from '@tonestead/crdt/listening/playback-document'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import type { PlaybackState } from '../playback/playback-state.ts'
import type { Readable } from '../readable.ts'
import { createAtMostEvery } from './at-most-every.ts'

export type PositionMirrorDeps = {
  readonly view: Readable<{ readonly state: PlaybackState }>
  readonly positionMs: () => number
  readonly documents: DocumentService
  readonly deviceId: DeviceId
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

const playbackRef: DocumentRef<'playback'> = { address: { kind: 'playback' } }
/** [KP2] */
const anchorEveryMs = 5_000

/** [KP1] [KP2] Writes who plays and where. Called when nobody waits for the network. */
export const startPositionMirror = (deps: PositionMirrorDeps): void => {
  const { view, clock, log } = deps
  let before = view.get().state
  const writeSoon = createAtMostEvery(
    clock,
    { everyMs: anchorEveryMs, onFailure: log.failed('the position was not written') },
    () => writeAnchor(deps),
  )
  view.subscribe(() => {
    const { state } = view.get()
    // An idle player and one that loads have no position that another device could pick up.
    if (state !== before && (state.kind === 'playing' || isHalted(state))) writeSoon()
    before = state
  })
  if (before.kind === 'playing') writeSoon()
}

const isHalted = ({ kind }: PlaybackState): boolean => kind === 'paused' || kind === 'failed'

const writeAnchor = async (deps: PositionMirrorDeps): Promise<void> => {
  const { view, documents, deviceId, random } = deps
  const document = await documents.open(playbackRef, new AbortController().signal)
  if (document.kind === 'unavailable' || document.isReadOnly) return
  const { state } = view.get()
  const held = currentToken(document.document)
  const isPlaying = state.kind === 'playing'
  if (held?.to !== deviceId && !isPlaying) return
  const token: Token = held?.to === deviceId ? held : { epoch: (held?.epoch ?? 0) + 1, to: deviceId }
  if (token !== held) await keep(deps, { kind: 'grantToken', id: newIntentId(random), device: deviceId, token })
  const anchor = anchorOf(deps, token.epoch)
  if (anchor !== undefined) await keep(deps, { kind: 'setAnchor', id: newIntentId(random), device: deviceId, anchor })
}

const anchorOf = ({ view, positionMs, clock }: PositionMirrorDeps, epoch: number): PlaybackAnchor | undefined => {
  const { state } = view.get()
  if (state.kind === 'idle') return undefined
  return {
    epoch,
    entry: state.entryId,
    positionMs: parseDurationMs(Math.max(0, Math.round(positionMs()))),
    at: clock.now(),
    rate: state.kind === 'playing' ? 1 : 0,
  }
}

const keep = async ({ documents, log }: PositionMirrorDeps, intent: PlaybackIntent): Promise<void> => {
  const result = await documents.edit(playbackRef, intent)
  if (result.kind === 'refused') log.warn('the position was not taken by its document', { reason: result.reason })
}
