import * as z from 'zod/mini'
import { playerActionSchema, playerReportSchema } from './player-report.ts'

// Questions of tabs to the leader's part for devices, its answers, and the values that it gives to tabs (documents/SPEC.md, [DO13]).

/** The name of the part. */
export const devicesPart = 'devices'
/** The keys of its values. */
export const devicesViewKey = 'view'
export const ordersKey = 'orders'

const text = z.string().check(z.maxLength(300))
const id = z.string().check(z.regex(/^[a-z2-7]{26}$/))

export const questionSchema = z.discriminatedUnion('kind', [
  /** The player of the tab has changed. */
  z.object({ kind: z.literal('report'), tab: text, report: playerReportSchema }),
  /** A person wants music here. Answered when this device may sound. */
  z.object({ kind: z.literal('take'), tab: text, id }),
  /** The person does not want it any more. */
  z.object({ kind: z.literal('release'), id }),
  z.object({ kind: z.literal('command'), id, to: text, action: playerActionSchema }),
  /** The other devices are asked what they do. */
  z.object({ kind: z.literal('look') }),
  z.object({ kind: z.literal('leave'), tab: text }),
])
export type DevicesQuestion = z.infer<typeof questionSchema>

/** `from`: what the holder before said last, when it has been asked and has played. */
export const takeAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('granted'), from: z.optional(playerReportSchema) }),
  z.object({ kind: z.literal('withdrawn') }),
])
export type TakeAnswer = z.infer<typeof takeAnswerSchema>

export const commandAnswerSchema = z.object({ kind: z.enum(['done', 'refused', 'no-answer']) })
export type CommandAnswer = z.infer<typeof commandAnswerSchema>

const knownDeviceSchema = z.object({
  id: text,
  name: text,
  isSelf: z.boolean(),
  isHolder: z.boolean(),
  /** `away`: it was not heard for a while, or never. */
  reach: z.enum(['here', 'reached', 'away']),
  report: z.optional(playerReportSchema),
})
export type KnownDevice = z.infer<typeof knownDeviceSchema>

/** `run`: of the leader; tabs report again to a new one. `holder`: the device that sounds, or did last. */
export const devicesViewSchema = z.object({
  run: id,
  self: text,
  holder: z.optional(text),
  isOnline: z.boolean(),
  devices: z.array(knownDeviceSchema),
})
export type LeaderDevices = z.infer<typeof devicesViewSchema>

/** What the player of a tab has to do, numbered; the newest ones, oldest first. `from`: the device that asked. */
export const ordersSchema = z.object({
  run: id,
  orders: z.array(
    z.object({
      number: z.int(),
      tab: text,
      from: z.optional(text),
      action: z.union([playerActionSchema, z.object({ kind: z.literal('yield') })]),
    }),
  ),
})
export type Orders = z.infer<typeof ordersSchema>
export type Order = Orders['orders'][number]
