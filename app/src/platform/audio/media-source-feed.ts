import type { Bytes } from '@tonestead/protocol/bytes'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

type SegmentSource = {
  /** With its codecs, as MediaSource.isTypeSupported takes it. */
  readonly mediaType: string
  readonly init: Bytes
  readonly slotCount: number
  /** The slot at a time of the coded samples, and where a slot starts (engine/streaming/slot-time.ts). */
  readonly slotAtMs: (positionMs: number) => number
  readonly slotStartMs: (slot: number) => number
  readonly durationMs: number
  /** The encoder delay: the music starts this far into the first segment. */
  readonly delayMs: number
  readonly read: (slot: number, slotsSinceStart: number, signal: AbortSignal) => Promise<Bytes>
}

type FeedOptions = {
  readonly recording: SegmentSource
  readonly positionMs: () => number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
}

/** Segments are appended up to this far ahead of the playback position, and removed this far behind it. Browsers buffer about 12 MB of audio. */
const aheadMs = 30_000
const behindMs = 60_000
const checkEveryMs = 200

export const canFeed = (mediaType: string): boolean =>
  'MediaSource' in globalThis && MediaSource.isTypeSupported(mediaType)

/**
 * URL of a media source. Segments ahead of `positionMs` are appended, also after a seek, until the signal aborts. When a segment cannot be read, the
 * source ends with a network error, and the media element fires `error`.
 */
export const feedMediaSource = (options: FeedOptions): string => {
  const source = new MediaSource()
  const url = URL.createObjectURL(source)
  options.signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true })
  const open = (): void => {
    feed(source, options).catch((cause: unknown) => {
      options.log.failed('the media source was not filled')(cause)
      if (!options.signal.aborted && source.readyState === 'open') source.endOfStream('network')
    })
  }
  source.addEventListener('sourceopen', open, { once: true })
  return url
}

const feed = async (source: MediaSource, { recording, positionMs, clock, signal }: FeedOptions): Promise<void> => {
  const buffer = source.addSourceBuffer(recording.mediaType)
  // Set, since the element would otherwise play the padding after the last sample.
  source.duration = recording.durationMs / 1000
  buffer.appendWindowEnd = recording.durationMs / 1000
  await append(buffer, recording.init)
  let last = -2
  let sinceStart = 0
  while (!signal.aborted) {
    const slot = nextSlot(recording, buffer.buffered, positionMs())
    if (slot === undefined) {
      if (source.readyState === 'open' && isBuffered(recording, buffer.buffered, recording.slotCount - 1))
        source.endOfStream()
      await clock.after(checkEveryMs, signal)
      continue
    }
    sinceStart = slot === last + 1 ? sinceStart + 1 : 0
    last = slot
    const bytes = await recording.read(slot, sinceStart, signal)
    await makeRoom(buffer, positionMs())
    await append(buffer, bytes)
  }
}

/** The first slot from the playback position on that is not buffered; undefined when enough is. */
const nextSlot = (recording: SegmentSource, buffered: TimeRanges, positionMs: number): number | undefined => {
  const first = recording.slotAtMs(positionMs + recording.delayMs)
  const last = recording.slotAtMs(positionMs + aheadMs)
  for (let slot = first; slot <= last; slot += 1) if (!isBuffered(recording, buffered, slot)) return slot
  return undefined
}

/** Whether the middle of a segment is buffered. The last one may be short. */
const isBuffered = (
  { slotStartMs, delayMs, durationMs }: SegmentSource,
  buffered: TimeRanges,
  slot: number,
): boolean => {
  const startMs = Math.max(0, slotStartMs(slot) - delayMs)
  const middle = (startMs + Math.min(slotStartMs(slot + 1) - delayMs, durationMs)) / 2000
  for (let range = 0; range < buffered.length; range += 1)
    if (buffered.start(range) <= middle && middle <= buffered.end(range)) return true
  return false
}

const makeRoom = async (buffer: SourceBuffer, positionMs: number): Promise<void> => {
  const end = (positionMs - behindMs) / 1000
  if (buffer.buffered.length === 0 || buffer.buffered.start(0) >= end) return
  await updated(buffer, () => buffer.remove(0, end))
}

const append = (buffer: SourceBuffer, bytes: Bytes): Promise<void> => updated(buffer, () => buffer.appendBuffer(bytes))

const updated = (buffer: SourceBuffer, change: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const listening = new AbortController()
    const end = (settle: () => void) => (): void => {
      listening.abort()
      settle()
    }
    buffer.addEventListener('updateend', end(resolve), { signal: listening.signal })
    buffer.addEventListener(
      'error',
      end(() => reject(new Error('the source buffer refused a segment'))),
      { signal: listening.signal },
    )
    change()
  })
