import { parseDurationMs, parseUnixMs, type DurationMs, type UnixMs } from '../instant.ts'
import { createPackedText, isCount, maxMs } from '../documents/packed-text.ts'
import { readReference, referenceFields } from '../tracks/reference-fields.ts'
import type { TrackReference } from '../tracks/track-reference.ts'

/** One play of a track: when it began by the clock of the device, and how much of it sounded. */
export type Play = { readonly track: TrackReference; readonly startedAt: UnixMs; readonly playedMs: DurationMs }

/** [DC4] Fields: instant, played time in whole milliseconds, then those of the reference. */
export const packedPlay = createPackedText<Play>(
  ({ track, startedAt, playedMs }) => [startedAt, playedMs, ...referenceFields(track)],
  ([startedAt, playedMs, ...fields]) => {
    const track = readReference(fields)
    if (track === undefined || !isCount(startedAt, maxMs) || !isCount(playedMs, maxMs)) return undefined
    return { track, startedAt: parseUnixMs(startedAt), playedMs: parseDurationMs(playedMs) }
  },
)
