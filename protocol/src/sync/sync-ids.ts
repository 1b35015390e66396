import { fromBase32, toBase32, type Bytes } from '../bytes.ts'

// Ids of the log of a collection. Each is 32 bytes, written as 52 characters of lowercase base32. docs/formats.md, "Documents and sync".

declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

/** A collection: the unit of membership and keys. Of an account: derived from the account id; of a shared playlist: derived from creator and nonce. */
export type CollectionId = Id<'CollectionId'>
/** A document in a collection. */
export type DocumentId = Id<'DocumentId'>
/** An item (envelope, membership item or snapshot): SHA-256 of its signed header. */
export type ItemId = Id<'ItemId'>
/** The envelopes of one device in one collection since one start of its worker. */
export type FeedId = Id<'FeedId'>
/** An epoch: the id of the membership item that began it. */
export type EpochId = Id<'EpochId'>
/** The hash over a log up to a place: SHA-256 of the hash before it and the id of the item at this place. */
export type ChainHash = Id<'ChainHash'>

/** Is the text 32 bytes in canonical lowercase base32? Account and device ids have this form too. */
export const isSyncId = (text: string): boolean => idPattern.test(text)
/** Bytes of each id. */
export const syncIdBytes = 32
/** The last character carries one bit: the other four are zero, so that 32 bytes have one text. */
const idPattern = /^[a-z2-7]{51}[aq]$/

const parser =
  (name: string) =>
  (text: string): string => {
    if (!idPattern.test(text)) throw new TypeError(`not a ${name}`)
    return text
  }

/** Parses a collection id. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseCollectionId = parser('collection id') as (text: string) => CollectionId
/** Parses a document id. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseDocumentId = parser('document id') as (text: string) => DocumentId
/** Parses an item id. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseItemId = parser('item id') as (text: string) => ItemId
/** Parses a feed id. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseFeedId = parser('feed id') as (text: string) => FeedId
/** Parses an epoch id. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseEpochId = parser('epoch id') as (text: string) => EpochId
/** Parses a chain hash. Throws a TypeError on anything but 32 bytes in canonical lowercase base32 (52 characters). */
export const parseChainHash = parser('chain hash') as (text: string) => ChainHash

/** The 32 bytes of an id. */
export const syncIdToBytes = (id: string): Bytes => fromBase32(id)
/** The text of 32 bytes. Throws a RangeError on another length. */
export const syncIdOfBytes = (bytes: Uint8Array): string => {
  if (bytes.length !== syncIdBytes) throw new RangeError('an id has 32 bytes')
  return toBase32(bytes)
}
