// Branded ids. Only these parsers make them, so other code need not check an id again.

declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

/** The sound itself: unit of encoding, licensing and fingerprinting. A catalog id [I1]. */
export type RecordingId = Id<'RecordingId'>
/** A recording's place on a release: what people see, queue and collect. A catalog id [I1]. */
export type TrackId = Id<'TrackId'>
/** A published album, EP, single or compilation. A catalog id [I1]. */
export type ReleaseId = Id<'ReleaseId'>
/** A person or group that credit lines name. A catalog id [I1]. */
export type ArtistId = Id<'ArtistId'>
/** An account, the same on every server: SHA-256 of its public root key [I2]. */
export type AccountId = Id<'AccountId'>
/** A device: SHA-256 of its public signing key [I2]. */
export type DeviceId = Id<'DeviceId'>
/** One occurrence of a track in the queue; a track may be queued twice. A catalog id [I1]. */
export type QueueEntryId = Id<'QueueEntryId'>
/** One occurrence of a track in a playlist, or an item of the root document. A catalog id [I1]. */
export type EntryId = Id<'EntryId'>
/** An intent: one change of a document that a person or a device wanted. A catalog id [I1]. */
export type IntentId = Id<'IntentId'>
/** A media server: 16 random bytes [I5]. */
export type ServerId = Id<'ServerId'>
/** An object in every store and cache: lowercase hexadecimal SHA-256 of its bytes [I3]. */
export type ChunkId = Id<'ChunkId'>

const catalogIdPattern = /^[a-z2-7]{26}$/
const keyIdPattern = /^[a-z2-7]{52}$/
const chunkIdPattern = /^[0-9a-f]{64}$/
const serverIdPattern = /^[A-Za-z0-9_-]{22}$/

const parser =
  (name: string, pattern: RegExp) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new TypeError(`not a ${name}`)
    return text
  }

/** [I1] [I4] Parses a recording id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseRecordingId = parser('recording id', catalogIdPattern) as (text: string) => RecordingId
/** [I1] [I4] Parses a track id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseTrackId = parser('track id', catalogIdPattern) as (text: string) => TrackId
/** [I1] [I4] Parses a release id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseReleaseId = parser('release id', catalogIdPattern) as (text: string) => ReleaseId
/** [I1] [I4] Parses an artist id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseArtistId = parser('artist id', catalogIdPattern) as (text: string) => ArtistId
/** [I1] [I4] Parses a queue entry id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseQueueEntryId = parser('queue entry id', catalogIdPattern) as (text: string) => QueueEntryId
/** [I1] [I4] Parses an entry id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseEntryId = parser('entry id', catalogIdPattern) as (text: string) => EntryId
/** [I1] [I4] Parses an intent id. Throws a TypeError on anything but 26 characters of lowercase base32. */
export const parseIntentId = parser('intent id', catalogIdPattern) as (text: string) => IntentId
/** [I4] [I5] Parses a server id. Throws a TypeError on anything but 22 characters of base64url. */
export const parseServerId = parser('server id', serverIdPattern) as (text: string) => ServerId
/** [I2] [I4] Parses an account id. Throws a TypeError on anything but 52 characters of lowercase base32. */
export const parseAccountId = parser('account id', keyIdPattern) as (text: string) => AccountId
/** [I2] [I4] Parses a device id. Throws a TypeError on anything but 52 characters of lowercase base32. */
export const parseDeviceId = parser('device id', keyIdPattern) as (text: string) => DeviceId
/** [I3] [I4] Parses a chunk id. Throws a TypeError on anything but 64 lowercase hexadecimal characters. */
export const parseChunkId = parser('chunk id', chunkIdPattern) as (text: string) => ChunkId
