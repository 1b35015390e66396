// Branded ids. Only these parsers make them; everything inside trusts the type.

declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

/** The sound itself: unit of encoding, licensing and fingerprinting. */
export type RecordingId = Id<'RecordingId'>
/** A recording's place on a release: what people see, queue and collect. */
export type TrackId = Id<'TrackId'>
/** A published album, EP or single. */
export type ReleaseId = Id<'ReleaseId'>
export type ArtistId = Id<'ArtistId'>
/** SHA-256 of a public root key: who somebody is, on every server. */
export type AccountId = Id<'AccountId'>
/** SHA-256 of a device's public signing key. */
export type DeviceId = Id<'DeviceId'>
/** One occurrence of a track in the queue; a track may be queued twice. */
export type QueueEntryId = Id<'QueueEntryId'>
/** Lowercase hexadecimal SHA-256 of an object's bytes: its name in every store and cache. */
export type ChunkId = Id<'ChunkId'>

const catalogIdPattern = /^[a-z2-7]{26}$/
const keyIdPattern = /^[a-z2-7]{52}$/
const chunkIdPattern = /^[0-9a-f]{64}$/

const parser =
  <T extends string>(name: string, pattern: RegExp) =>
  (text: string): T => {
    if (!pattern.test(text)) throw new TypeError(`not a ${name}`)
    return text as T
  }

/** Catalog ids: 128 bits in lowercase base32, 26 characters. Throws a TypeError on anything else, like every parser here. */
export const parseRecordingId = parser<RecordingId>('recording id', catalogIdPattern)
export const parseTrackId = parser<TrackId>('track id', catalogIdPattern)
export const parseReleaseId = parser<ReleaseId>('release id', catalogIdPattern)
export const parseArtistId = parser<ArtistId>('artist id', catalogIdPattern)
export const parseQueueEntryId = parser<QueueEntryId>('queue entry id', catalogIdPattern)
/** Key ids: 256 bits in lowercase base32, 52 characters. */
export const parseAccountId = parser<AccountId>('account id', keyIdPattern)
export const parseDeviceId = parser<DeviceId>('device id', keyIdPattern)
export const parseChunkId = parser<ChunkId>('chunk id', chunkIdPattern)
