import * as ids from '../ids.ts'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import type { QueueEntry } from '../queue.ts'
import type { NewPlaylistEntry } from '../playlists/playlist-intent.ts'
import type { NewQueueEntry } from '../queues/queue-intent.ts'
import type { TrackReference } from '../tracks/track-reference.ts'

// Short names for ids and values in tests.

const digits = 'abcdefghijklmnopqrstuvwxyz234567'
/** A name in base32: other characters become letters. */
export const padded = (name: string, units: number): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z2-7]/g, (character) => digits.charAt(character.charCodeAt(0) % 32))
    .padEnd(units, 'a')
    .slice(0, units)

/** An intent id that is different for every number below 2^40. */
export const intentId = (number: number): ids.IntentId => {
  let text = ''
  for (let rest = number, place = 0; place < 8; place += 1, rest = Math.floor(rest / 32))
    text = digits.charAt(rest % 32) + text
  return ids.parseIntentId(padded(text, 26))
}
export const entryId = (name: string): ids.EntryId => ids.parseEntryId(padded(name, 26))
export const queueEntryId = (name: string): ids.QueueEntryId => ids.parseQueueEntryId(padded(name, 26))
export const deviceId = (name: string): ids.DeviceId => ids.parseDeviceId(padded(name, 52))
export const anAccount = ids.parseAccountId('b'.repeat(52))
export const aServer = ids.parseServerId('S'.repeat(22))
export const anInstant = parseUnixMs(1_764_000_000_000)

export const trackReference = (name: string, changes: Partial<TrackReference> = {}): TrackReference => ({
  serverId: aServer,
  trackId: ids.parseTrackId(padded(name, 26)),
  recordingId: ids.parseRecordingId(padded(name, 26)),
  title: `Title ${name}`,
  credits: [
    { name: 'Anna', join: ' & ' },
    { name: 'Bert', join: '' },
  ],
  release: { id: ids.parseReleaseId('r'.repeat(26)), title: 'Release' },
  durationMs: parseDurationMs(200_000),
  ...changes,
})

export const playlistEntry = (name: string): NewPlaylistEntry => ({
  id: entryId(name),
  track: trackReference(name),
  by: anAccount,
  addedAt: anInstant,
})

export const queueEntry = (name: string, origin: QueueEntry['origin'] = 'person', contextOrder = 0): NewQueueEntry => ({
  id: queueEntryId(name),
  track: trackReference(name),
  origin,
  contextOrder,
})

/** Seeded random whole numbers from 0 to `below` − 1, so that a failure can be repeated. */
export const createDraw = (seed: number): ((below: number) => number) => {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
