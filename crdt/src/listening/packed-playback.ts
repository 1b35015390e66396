import { parseDeviceId, parseQueueEntryId, type DeviceId, type QueueEntryId } from '../ids.ts'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import type { Anchor } from '../playback.ts'
import {
  catalogIdPattern,
  createPackedText,
  isCount,
  isTextLike,
  keyIdPattern,
  maxMs,
} from '../documents/packed-text.ts'

/** Which device may sound. Tokens are ordered by epoch, then by device id. */
export type Token = { readonly epoch: number; readonly to: DeviceId }
/** The last known position of a device while it held the token of `epoch`. Its clock is that of the device. */
export type PlaybackAnchor = Anchor & { readonly epoch: number; readonly entry?: QueueEntryId }

/** The highest epoch of a token. */
export const maxEpoch = 2 ** 40

/** [DC4] Fields: epoch, device id. */
export const packedToken = createPackedText<Token>(
  ({ epoch, to }) => [epoch, to],
  ([epoch, to]) =>
    isCount(epoch, maxEpoch) && isTextLike(to, keyIdPattern) ? { epoch, to: parseDeviceId(to) } : undefined,
)

/** [DC4] Fields: epoch, entry id or an empty text, position in whole milliseconds, instant, rate. */
export const packedAnchor = createPackedText<PlaybackAnchor>(
  ({ epoch, entry, positionMs, at, rate }) => [epoch, entry ?? '', positionMs, at, rate],
  ([epoch, entry, positionMs, at, rate]) => {
    if (!isCount(epoch, maxEpoch) || !isCount(positionMs, maxMs) || !isCount(at, maxMs)) return undefined
    if (rate !== 0 && rate !== 1) return undefined
    const anchor = { epoch, positionMs: parseDurationMs(positionMs), at: parseUnixMs(at), rate } as const
    if (entry === '') return anchor
    return isTextLike(entry, catalogIdPattern) ? { ...anchor, entry: parseQueueEntryId(entry) } : undefined
  },
)
