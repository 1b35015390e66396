import type { ManifestHead } from '@tonestead/protocol/manifest'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { PlayStore } from '../../ports/play-store.ts'
import { createFlatFile, type FlatFile } from './flat-file.ts'
import { createLookAhead, type LookAhead, type Run } from './look-ahead.ts'
import { slotRetryDelaysMs } from '../failures/retries.ts'
import { openPlayHead } from './open-play-head.ts'
import type { ChunkReader } from './read-chunk.ts'
import { rangeReply } from './range-reply.ts'
import { createSegmentMap, type SegmentMap } from './segment-map.ts'
import { slotAtMs, slotStartMs } from './slot-time.ts'
import { createSlotReader, type Slot, type SlotReader } from './slot-reader.ts'
import { StreamFailure, type StreamProblem } from './stream-failure.ts'
import type { Throughput } from './throughput.ts'

/** Status, headers and body of a response. */
export type StreamReply = {
  readonly status: 200 | 206 | 404 | 416
  readonly headers: Readonly<Record<string, string>>
  readonly body: ReadableStream<Uint8Array> | undefined
}

/** What the page is notified of. */
export type StreamEvent =
  | {
      readonly kind: 'slot-sent'
      readonly playId: string
      readonly slot: number
      readonly rendition: string
      readonly bitrateBps: number
      readonly origin: Slot['origin']
    }
  | { readonly kind: 'stream-failed'; readonly playId: string; readonly problem: StreamProblem }

/** Serves the virtual file `/stream/<playId>.m4a` from the chunks of a recording (SPEC.md). */
export type TrackStream = {
  /** [ST3] The headers do not wait for the network (FLAC waits for the tail, which holds the frame sizes). A cancelled body aborts its transfers. */
  respond(playId: string, rangeHeader: string | undefined): Promise<StreamReply>
  onPosition(playId: string, position: { positionMs: number; isPlaying: boolean }): void
  /** Fetches the slot that the element is about to request. */
  warm(playId: string, positionMs: number): Promise<void>
  forget(playIds: readonly string[]): void
}

export type TrackStreamDeps = {
  readonly plays: PlayStore
  readonly store: ChunkStore
  readonly chunks: ChunkReader
  readonly throughput: Throughput
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly log: Log
  /** Rejects with a StreamFailure: no license, or an expired one. */
  readonly contentKey: (head: ManifestHead, signal: AbortSignal) => Promise<CryptoKey>
  readonly notify: (event: StreamEvent) => void
  /** [ST7] Whether slots far ahead of the playback position are delayed. */
  readonly isPaced: boolean
}

type OpenPlay = {
  readonly playId: string
  readonly head: ManifestHead
  readonly file: FlatFile
  readonly slots: SlotReader
  readonly segments: SegmentMap
  readonly ahead: LookAhead
  /** The slot that was sent last: a request that continues after it is no seek. */
  lastSlot: number | undefined
  slotsSinceStart: number
}

export const createTrackStream = (deps: TrackStreamDeps): TrackStream => {
  const open = new Map<string, Promise<OpenPlay>>()

  const playOf = (playId: string): Promise<OpenPlay> => {
    const found = open.get(playId) ?? openPlay(deps, playId)
    open.set(playId, found)
    // The caller gets the rejection; the next request opens the play anew.
    found.catch(() => open.delete(playId))
    return found
  }

  return {
    respond: async (playId, rangeHeader) => {
      try {
        const play = await playOf(playId)
        const { status, headers, start, end } = rangeReply(rangeHeader, play.file.lengthBytes)
        return { status, headers, body: status === 416 ? undefined : bodyOf(deps, play, { start, end }) }
      } catch (error) {
        reportFailure(deps, playId, error)
        return { status: 404, headers: { 'cache-control': 'no-store' }, body: undefined }
      }
    },
    onPosition: (playId, { positionMs, isPlaying }) => {
      void open.get(playId)?.then(
        (play) => play.ahead.onPosition(positionMs, isPlaying),
        // The request that opened it reports the failure.
        () => undefined,
      )
    },
    warm: async (playId, positionMs) => {
      const play = await playOf(playId)
      await play.slots
        .read(slotAtMs(play.head, positionMs), 0, AbortSignal.timeout(warmLimitMs))
        .catch(deps.log.failed('a slot was not warmed'))
    },
    forget: (playIds) => playIds.forEach((playId) => open.delete(playId)),
  }
}

/** A warmed slot that was not requested within this time is aborted. */
const warmLimitMs = 20_000

const openPlay = async (deps: TrackStreamDeps, playId: string): Promise<OpenPlay> => {
  const { record, pins, head } = await openPlayHead(deps, playId)
  const segments = createSegmentMap(head, deps.chunks)
  const frameSizes = head.ladder === 'flac' ? (await segments.tail(new AbortController().signal)).frameSizes : []
  const file = createFlatFile(head, frameSizes)
  const savePins = (changed: Uint8Array): Promise<void> => deps.plays.pin(playId, changed)
  const contentKey = (signal: AbortSignal): Promise<CryptoKey> => deps.contentKey(head, signal)
  const slots = createSlotReader({ ...deps, record, head, file, segments, contentKey, pins, savePins })
  return {
    playId,
    head,
    file,
    slots,
    segments,
    ahead: createLookAhead(deps.clock),
    lastSlot: undefined,
    slotsSinceStart: 0,
  }
}

/** [ST2] One piece per pull, nothing in advance; a cancel aborts the transfers. */
const bodyOf = (
  deps: TrackStreamDeps,
  play: OpenPlay,
  range: { start: number; end: number },
): ReadableStream<Uint8Array> => {
  const cancelled = new AbortController()
  const firstSlot = play.file.slotAt(Math.max(range.start, play.file.header.length))
  const run = { startMs: slotStartMs(play.head, firstSlot), beganAt: deps.clock.elapsedMs() }
  let offset = range.start
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const piece = await pieceAt(deps, play, { offset, end: range.end, run, firstSlot, signal: cancelled.signal })
          if (cancelled.signal.aborted) return
          offset += piece.length
          controller.enqueue(piece)
          if (offset > range.end) controller.close()
        } catch (error) {
          if (cancelled.signal.aborted) return
          reportFailure(deps, play.playId, error)
          controller.error(error)
        }
      },
      cancel: (reason) => cancelled.abort(reason),
    },
    { highWaterMark: 0 },
  )
}

type Piece = {
  readonly offset: number
  readonly end: number
  readonly run: Run
  readonly firstSlot: number
  readonly signal: AbortSignal
}

const pieceAt = async (
  deps: TrackStreamDeps,
  play: OpenPlay,
  { offset, end, run, firstSlot, signal }: Piece,
): Promise<Uint8Array> => {
  const { file } = play
  if (offset < file.header.length) return file.header.slice(offset, end + 1)
  const slot = file.slotAt(offset)
  if (deps.isPaced) await play.ahead.admit(slotStartMs(play.head, slot), run, signal)
  const made = await readWithRetries(
    deps,
    { play, slot, delaysMs: slot === firstSlot ? [] : slotRetryDelaysMs },
    signal,
  )
  if (slot === 0) fetchTailBeside(deps, play, signal)
  const rendition = play.head.renditions[made.rendition]
  if (rendition !== undefined)
    deps.notify({
      kind: 'slot-sent',
      playId: play.playId,
      slot,
      rendition: rendition.name,
      bitrateBps: rendition.bitrateBps,
      origin: made.origin,
    })
  const start = file.slotStart(slot)
  return made.bytes.slice(offset - start, end + 1 - start)
}

/** [ST14] Retries while the server is away. The first slot of a body is not retried: a person waits for it. */
const readWithRetries = async (
  deps: TrackStreamDeps,
  wanted: { play: OpenPlay; slot: number; delaysMs: readonly number[] },
  signal: AbortSignal,
): Promise<Slot> => {
  const { play, slot, delaysMs } = wanted
  const [delayMs, ...later] = delaysMs
  try {
    return await play.slots.read(slot, slotsSinceStart(play, slot), signal)
  } catch (error) {
    if (delayMs === undefined || !isServerAway(error)) throw error
    await deps.clock.after(delayMs, signal)
    return readWithRetries(deps, { play, slot, delaysMs: later }, signal)
  }
}

const isServerAway = (error: unknown): boolean =>
  error instanceof StreamFailure && (error.code === 'unreachable' || error.code === 'offline')

/** The head names the first two chunks. The tail is fetched with the second one, so that it does not slow down the first, which playback waits for. */
const fetchTailBeside = (deps: TrackStreamDeps, play: OpenPlay, signal: AbortSignal): void => {
  // The slot that needs the tail requests it again.
  play.segments.tail(signal).catch(deps.log.failed('the manifest tail was not fetched ahead'))
}

const slotsSinceStart = (play: OpenPlay, slot: number): number => {
  const isContinued = play.lastSlot !== undefined && (slot === play.lastSlot || slot === play.lastSlot + 1)
  if (!isContinued) play.slotsSinceStart = 0
  else if (slot !== play.lastSlot) play.slotsSinceStart += 1
  play.lastSlot = slot
  return play.slotsSinceStart
}

/** [ST13] */
const reportFailure = (deps: TrackStreamDeps, playId: string, error: unknown): void => {
  const problem = problemOf(error)
  deps.log.failed('a stream failed', { problem })(error)
  deps.notify({ kind: 'stream-failed', playId, problem })
}

const problemOf = (error: unknown): StreamProblem => (error instanceof StreamFailure ? error.code : 'unreachable')
