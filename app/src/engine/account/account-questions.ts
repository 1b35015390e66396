import type { DeviceId } from '@tonestead/crdt/ids'
import { parseDeviceId } from '@tonestead/crdt/ids'
import { agreementJwkSchema, deviceLogSchema, signingJwkSchema } from '@tonestead/protocol/device-log'
import { z } from 'zod'

// What tabs ask the leading worker about the account. All questions may be repeated.

export const accountPartName = 'account'
/** The key of the devices that stand in the log of the account. */
export const devicesValue = 'devices'
/** Its value; undefined before the log is here. */
export const loggedDevicesSchema = z.array(z.object({ id: z.string(), name: z.string() })).optional()

const deviceId = z.string().transform((text): DeviceId => parseDeviceId(text))

/** `add-device`: the device stands in the log of the account afterwards. `remove-device`: it does not. */
export const accountQuestionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('add-device'),
    device: deviceId,
    name: z.string().min(1).max(80),
    signingKey: signingJwkSchema,
    sealingKey: agreementJwkSchema,
  }),
  z.object({ kind: z.literal('remove-device'), device: deviceId }),
])
export type AccountQuestion = z.infer<typeof accountQuestionSchema>

/** `full`: the account has as many devices as it may have. `unconfirmed`: the relay has not confirmed it in time; it may be asked again. */
export const accountAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), deviceLog: deviceLogSchema }),
  z.object({ kind: z.enum(['full', 'impossible', 'unconfirmed']) }),
])
export type AccountAnswer = z.infer<typeof accountAnswerSchema>
