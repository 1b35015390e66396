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
  (name: string, pattern: RegExp) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new TypeError(`not a ${name}`)
    return text
  }

/** Catalog ids: 128 bits in lowercase base32, 26 characters. Throws a TypeError on anything else, like every parser here. */
export const parseRecordingId = parser('recording id', catalogIdPattern) as (text: string) => RecordingId
export const parseTrackId = parser('track id', catalogIdPattern) as (text: string) => TrackId
export const parseReleaseId = parser('release id', catalogIdPattern) as (text: string) => ReleaseId
export const parseArtistId = parser('artist id', catalogIdPattern) as (text: string) => ArtistId
export const parseQueueEntryId = parser('queue entry id', catalogIdPattern) as (text: string) => QueueEntryId
/** Key ids: 256 bits in lowercase base32, 52 characters. */
export const parseAccountId = parser('account id', keyIdPattern) as (text: string) => AccountId
export const parseDeviceId = parser('device id', keyIdPattern) as (text: string) => DeviceId
export const parseChunkId = parser('chunk id', chunkIdPattern) as (text: string) => ChunkId
