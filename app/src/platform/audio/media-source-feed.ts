import type { Bytes } from '@tonestead/protocol/bytes'
import type { Clock } from '../../ports/clock.ts'

type FedRecording = {
  /** With codecs, as MediaSource takes it. */
  readonly mediaType: string
  readonly init: Bytes
  readonly slotCount: number
  readonly slotMs: number
  readonly durationMs: number
  /** Music begins this far into the first segment (encoder delay). */
  readonly delayMs: number
  readonly read: (slot: number, slotsSinceStart: number, signal: AbortSignal) => Promise<Bytes>
}

type Feeding = {
  readonly recording: FedRecording
  readonly positionMs: () => number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** So far ahead of the ear is fed; so far behind it is kept. Elements hold some twelve megabytes of sound. */
const aheadMs = 30_000
const behindMs = 60_000
const lookEveryMs = 200

export const canFeed = (mediaType: string): boolean =>
  'MediaSource' in globalThis && MediaSource.isTypeSupported(mediaType)

/**
 * URL of a media source that is fed with what lies ahead of `positionMs`, after every seek too, until the signal aborts. What cannot be read ends the
 * source with a network error, which the element tells.
 */
export const feedMediaSource = (feeding: Feeding): string => {
  const source = new MediaSource()
  const url = URL.createObjectURL(source)
  feeding.signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true })
  const open = (): void => {
    feed(source, feeding).catch(() => {
      if (!feeding.signal.aborted && source.readyState === 'open') source.endOfStream('network')
    })
  }
  source.addEventListener('sourceopen', open, { once: true })
  return url
}

const feed = async (source: MediaSource, { recording, positionMs, clock, signal }: Feeding): Promise<void> => {
  const buffer = source.addSourceBuffer(recording.mediaType)
  // Written as it is known: the element would otherwise take the padding after the last sample for music.
  source.duration = recording.durationMs / 1000
  buffer.appendWindowEnd = recording.durationMs / 1000
  await append(buffer, recording.init)
  let last = -2
  let sinceStart = 0
  while (!signal.aborted) {
    const slot = nextSlot(recording, buffer.buffered, positionMs())
    if (slot === undefined) {
      if (source.readyState === 'open' && isFed(recording, buffer.buffered, recording.slotCount - 1))
        source.endOfStream()
      await clock.after(lookEveryMs, signal)
      continue
    }
    sinceStart = slot === last + 1 ? sinceStart + 1 : 0
    last = slot
    const bytes = await recording.read(slot, sinceStart, signal)
    await makeRoom(buffer, positionMs())
    await append(buffer, bytes)
  }
}

/** The first one from the ear on that is not there; undefined when enough is. */
const nextSlot = (recording: FedRecording, buffered: TimeRanges, positionMs: number): number | undefined => {
  const first = Math.max(
    0,
    Math.min(recording.slotCount - 1, Math.floor((positionMs + recording.delayMs) / recording.slotMs)),
  )
  const end = Math.min(recording.slotCount, Math.ceil((positionMs + aheadMs) / recording.slotMs))
  for (let slot = first; slot < end; slot += 1) if (!isFed(recording, buffered, slot)) return slot
  return undefined
}

/** Whether the middle of a segment is in the buffer; the last one may be short. */
const isFed = ({ slotMs, delayMs, durationMs }: FedRecording, buffered: TimeRanges, slot: number): boolean => {
  const startMs = Math.max(0, slot * slotMs - delayMs)
  const middle = (startMs + Math.min((slot + 1) * slotMs - delayMs, durationMs)) / 2000
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
      end(() => reject(new Error('the element refused a segment'))),
      { signal: listening.signal },
    )
    change()
  })
