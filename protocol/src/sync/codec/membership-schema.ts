import { z } from 'zod'
import { maxBoxes, maxMembers, maxProofItems } from '../sync-limits.ts'
import {
  accountIdSchema,
  base64UrlSchema,
  chainHashSchema,
  collectionIdSchema,
  deviceIdSchema,
  generationSchema,
  hashSchema,
  homeRelaySchema,
  instantSchema,
  itemIdSchema,
  keyIdSchema,
  placeSchema,
  strictAgreementKeySchema,
  strictSigningKeySchema,
  textSchema,
} from './sync-schemas.ts'

// The header of a membership item as JSON: what the schema says, not whether the operation is allowed.

const memberDeviceSchema = z.strictObject({
  device: deviceIdSchema,
  signingKey: strictSigningKeySchema,
  sealingKey: strictAgreementKeySchema,
  name: textSchema(80),
})
const accountProofSchema = z.strictObject({
  account: accountIdSchema,
  items: z.array(z.base64url().min(1)).min(1).max(maxProofItems),
})
/** `previousKey`: what `sealSecret` gives for a key of 32 bytes: 64 bytes. */
const epochStartSchema = z.strictObject({
  keyHash: hashSchema,
  recipients: z.array(keyIdSchema).min(1).max(maxBoxes),
  previousKey: base64UrlSchema(64).optional(),
})
const roleSchema = z.enum(['viewer', 'editor', 'owner'])
const joinBox = z.literal(true)
const epoch = epochStartSchema

const personalOperations = [
  z.strictObject({
    kind: z.literal('account-created'),
    deviceLogEntry: z
      .string()
      .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
      .max(4096),
    device: memberDeviceSchema,
    agreementKey: strictAgreementKeySchema,
    recoveryKey: strictAgreementKeySchema,
    home: homeRelaySchema,
    epoch,
  }),
  z.strictObject({ kind: z.literal('device-added'), device: memberDeviceSchema, joinBox }),
  z.strictObject({
    kind: z.literal('device-removed'),
    device: deviceIdSchema,
    agreementKey: strictAgreementKeySchema,
    epoch,
  }),
  z.strictObject({
    kind: z.literal('account-restored'),
    device: memberDeviceSchema,
    removes: z.array(deviceIdSchema).max(maxMembers),
    agreementKey: strictAgreementKeySchema,
    epoch,
  }),
] as const

const sharedOperations = [
  z.strictObject({
    kind: z.literal('created'),
    nonce: base64UrlSchema(16),
    account: accountProofSchema,
    home: homeRelaySchema,
    epoch,
  }),
  z.strictObject({
    kind: z.literal('invited'),
    invitation: strictAgreementKeySchema,
    proofKey: strictSigningKeySchema,
    role: roleSchema,
    expiresAt: instantSchema,
    joinBox,
  }),
  z.strictObject({ kind: z.literal('invitation-withdrawn'), invitation: keyIdSchema, epoch }),
  z.strictObject({
    kind: z.literal('redeemed'),
    invitation: keyIdSchema,
    account: accountProofSchema,
    proof: base64UrlSchema(64),
    joinBox,
  }),
  z.strictObject({ kind: z.literal('role'), account: accountIdSchema, role: roleSchema }),
  z.strictObject({ kind: z.literal('removed'), account: accountIdSchema, epoch }),
  z.strictObject({ kind: z.literal('left') }),
  z.strictObject({ kind: z.literal('account-advanced'), account: accountProofSchema }),
] as const

const commonOperations = [
  z.strictObject({ kind: z.literal('epoch'), expired: z.array(keyIdSchema).max(maxMembers), epoch }),
  z.strictObject({
    kind: z.literal('re-homed'),
    generation: generationSchema,
    keeps: z.strictObject({ seq: placeSchema, chain: chainHashSchema }),
    home: homeRelaySchema,
  }),
] as const

/** The header of a membership item. */
export const membershipHeaderSchema = z.strictObject({
  version: z.literal(1),
  collection: collectionIdSchema,
  account: accountIdSchema,
  device: deviceIdSchema,
  base: itemIdSchema.optional(),
  operation: z.discriminatedUnion('kind', [...personalOperations, ...sharedOperations, ...commonOperations]),
  boxesHash: hashSchema,
})
