import * as z from 'zod/mini'
import { parseDeviceId, type DeviceId } from '@tonestead/crdt/ids'
import { maxEpoch, type Token } from '@tonestead/crdt/listening/packed-playback'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { playerActionSchema, playerReportSchema } from './player-report.ts'

// What devices of an account say to one another: JSON in live messages of the personal collection. What does not parse is left alone: it may be of a newer version.

const device = z.pipe(
  z.string().check(z.regex(/^[a-z2-7]{52}$/)),
  z.transform((text): DeviceId => parseDeviceId(text)),
)
const id = z.string().check(z.regex(/^[a-z2-7]{26}$/))
const epoch = z.int().check(z.gte(0), z.lte(maxEpoch))
const token = z.pipe(
  z.object({ epoch, to: device }),
  z.transform((given): Token => given),
)

const bodySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('take'), id, token }),
  z.object({ kind: z.enum(['grant', 'ack']), id, to: device }),
  /** `run`: of the device that is asked. `epoch`: of the token that the sender knows. */
  z.object({ kind: z.literal('command'), id, to: device, run: id, epoch, action: playerActionSchema }),
  z.object({ kind: z.literal('done'), id, to: device, isDone: z.boolean() }),
])

const liveSchema = z.object({
  v: z.literal(1),
  /** Chosen at each start of the leader: a command for an earlier run is left out. */
  run: id,
  token: z.optional(token),
  isSounding: z.boolean(),
  /** The others are asked to say what they do. */
  asks: z.optional(z.literal(true)),
  report: z.optional(playerReportSchema),
  body: z.optional(bodySchema),
})
export type DeviceMessage = z.infer<typeof liveSchema>
export type DeviceMessageBody = z.infer<typeof bodySchema>
export type CommandMessage = Extract<DeviceMessageBody, { kind: 'command' }>

export const writeDeviceMessage = (message: DeviceMessage): Bytes => utf8(JSON.stringify(message))

export const readDeviceMessage = (bytes: Bytes): DeviceMessage | undefined => {
  try {
    return liveSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  } catch {
    // No JSON: of a newer version, or of something else.
    return undefined
  }
}
