import {
  parseAccountId,
  parseEntryId,
  parseIntentId,
  parseQueueEntryId,
  parseRecordingId,
  parseReleaseId,
  parseServerId,
  parseTrackId,
} from '../ids.ts'
import type { EntryId, IntentId, QueueEntryId } from '../ids.ts'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import type { NewPlaylistEntry } from '../playlists/playlist-intent.ts'
import type { TrackReference } from '../tracks/track-reference.ts'

// Short names for ids and values in tests.

const digits = 'abcdefghijklmnopqrstuvwxyz234567'
/** Base32 of a short name: digits 0, 1, 8 and 9 become letters. */
const padded = (name: string, units: number): string =>
  name
    .replaceAll(/[^a-z2-7]/g, 'z')
    .padEnd(units, 'a')
    .slice(0, units)

/** An intent id that is different for every number below 2^40. */
export const intentId = (number: number): IntentId => {
  let text = ''
  for (let rest = number, place = 0; place < 8; place += 1, rest = Math.floor(rest / 32))
    text = digits.charAt(rest % 32) + text
  return parseIntentId(padded(text, 26))
}
export const entryId = (name: string): EntryId => parseEntryId(padded(name, 26))
export const queueEntryId = (name: string): QueueEntryId => parseQueueEntryId(padded(name, 26))
export const anAccount = parseAccountId('b'.repeat(52))
export const aServer = parseServerId('S'.repeat(22))

export const trackReference = (name: string, changes: Partial<TrackReference> = {}): TrackReference => ({
  serverId: aServer,
  trackId: parseTrackId(padded(name, 26)),
  recordingId: parseRecordingId(padded(name, 26)),
  title: `Title ${name}`,
  credits: [
    { name: 'Anna', join: ' & ' },
    { name: 'Bert', join: '' },
  ],
  release: { id: parseReleaseId('r'.repeat(26)), title: 'Release' },
  durationMs: parseDurationMs(200_000),
  ...changes,
})

export const playlistEntry = (id: EntryId): NewPlaylistEntry => ({
  id,
  track: trackReference(id),
  by: anAccount,
  addedAt: parseUnixMs(1_764_000_000_000),
})
