import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { z } from 'zod'
import { isBase64UrlOf } from '../../bytes.ts'
import { agreementJwkSchema, signingJwkSchema } from '../../device-log.ts'
import { isAgreementKey, isKeyId } from '../keys/agreement-key.ts'
import { isStrictSigningKey } from '../keys/strict-ed25519.ts'
import { isSyncId, type ChainHash, type CollectionId, type ItemId } from '../sync-ids.ts'
import { maxRelayAddresses, maxRelayAddressLength } from '../sync-limits.ts'

// Values that occur in the JSON of membership items and frames. Each has one way to be written.

const idSchema = <Id extends string>() =>
  z.custom<Id>((value) => typeof value === 'string' && isSyncId(value), 'not an id of 32 bytes')

/** An account id. */
export const accountIdSchema = idSchema<AccountId>()
/** A device id. */
export const deviceIdSchema = idSchema<DeviceId>()
/** A collection id. */
export const collectionIdSchema = idSchema<CollectionId>()
/** An item id. */
export const itemIdSchema = idSchema<ItemId>()
/** A chain hash. */
export const chainHashSchema = idSchema<ChainHash>()
/** The id of an agreement key. */
export const keyIdSchema = z.string().refine(isKeyId, 'not a key id')

/** A SHA-256 in lowercase hexadecimal. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)
/** A place in a log: from 0 (before the first item) to 2^48 − 1. */
export const placeSchema = z
  .number()
  .int()
  .min(0)
  .max(2 ** 48 - 1)
/** How many times a collection has been re-homed. */
export const generationSchema = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32 - 1)
/** Milliseconds since 1970, up to the last instant of a JavaScript Date. */
export const instantSchema = z.number().int().min(0).max(8.64e15)
/** Well-formed text of 1 to `max` UTF-16 units. */
export const textSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Surrogate}/u.test(text), 'a lone surrogate')

/** Canonical base64url of this many bytes. */
export const base64UrlSchema = (bytes: number) =>
  z.string().refine((text) => isBase64UrlOf(text, bytes), 'not canonical base64url of this size')

/** An Ed25519 key that `isStrictSigningKey` accepts. */
export const strictSigningKeySchema = signingJwkSchema.refine(isStrictSigningKey, 'not a strict Ed25519 key')
/** A P-256 key that `isAgreementKey` accepts. */
export const strictAgreementKeySchema = agreementJwkSchema.refine(isAgreementKey, 'not a point of P-256')

/** Where the relay of a collection is. */
export const homeRelaySchema = z.strictObject({
  key: strictSigningKeySchema,
  addresses: z.array(textSchema(maxRelayAddressLength)).max(maxRelayAddresses),
})
