import { z } from 'zod'
import { agreementJwkSchema, signingJwkSchema } from '../../device-log.ts'
import { writeCanonicalJson } from '../codec/canonical-json.ts'
import { accountIdSchema, deviceIdSchema, homeRelaySchema, itemIdSchema } from '../codec/sync-schemas.ts'
import type { MembershipState } from '../log-state.ts'
import { parseEpochId } from '../sync-ids.ts'

const placeSchema = z.int().min(0)
const roleSchema = z.enum(['viewer', 'editor', 'owner'])

const deviceSchema = z.strictObject({
  device: deviceIdSchema,
  signingKey: signingJwkSchema,
  sealingKey: agreementJwkSchema,
  name: z.string(),
  since: placeSchema,
})

const memberSchema = z
  .strictObject({
    account: accountIdSchema,
    role: roleSchema,
    since: placeSchema,
    ownerSince: placeSchema.optional(),
    devices: z.array(deviceSchema),
    rootKey: signingJwkSchema,
    agreementKey: agreementJwkSchema,
    accountItems: placeSchema,
    accountBase: itemIdSchema,
    accountGeneration: placeSchema,
  })
  .transform(({ devices, ownerSince, ...member }) => ({
    ...member,
    ownerSince,
    devices: new Map(devices.map((device) => [device.device, device])),
  }))

const invitationSchema = z.strictObject({
  key: agreementJwkSchema,
  proofKey: signingJwkSchema,
  role: roleSchema,
  expiresAt: z.number(),
})

const stateSchema = z
  .strictObject({
    kind: z.enum(['personal', 'shared']),
    members: z.array(memberSchema),
    invitations: z.array(z.tuple([z.string(), invitationSchema])),
    base: itemIdSchema,
    count: placeSchema,
    epoch: itemIdSchema,
    isStale: z.boolean(),
    home: homeRelaySchema,
    generation: placeSchema,
    recoveryKey: agreementJwkSchema.optional(),
  })
  .transform(({ members, invitations, epoch, recoveryKey, ...state }): MembershipState => ({
    ...state,
    recoveryKey,
    epoch: parseEpochId(epoch),
    members: new Map(members.map((member) => [member.account, member])),
    invitations: new Map(invitations),
  }))

/** The membership as JSON, for a store. Equal memberships have equal texts: keys, members, devices and invitations are sorted. */
export const writeState = (state: MembershipState): string => {
  const members = sortedValues(state.members).map((member) => ({ ...member, devices: sortedValues(member.devices) }))
  const invitations = [...state.invitations].sort(([a], [b]) => (a < b ? -1 : 1))
  return new TextDecoder().decode(writeCanonicalJson({ ...state, members, invitations }))
}

const sortedValues = <Value>(map: ReadonlyMap<string, Value>): readonly Value[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)

/** Reads what `writeState` wrote. Throws an Error on anything else: the store is damaged. */
export const readState = (text: string): MembershipState => {
  try {
    return stateSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new Error('the stored membership cannot be read', { cause: error })
  }
}
