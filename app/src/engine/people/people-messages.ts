import { parseAccountId } from '@tonestead/crdt/ids'
import { fromBase64Url, isBase64UrlOf } from '@tonestead/protocol/bytes'
import { isSyncId, parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import * as z from 'zod/mini'

// What tabs ask the leader about the people of shared collections, and what it tells them [DO13].

/** The name of this part of the leader. Its values are `membership` of collections, by their ids. */
export const peoplePart = 'people'

const syncId = z.string().check(z.refine(isSyncId))
const collection = z.pipe(syncId, z.transform(parseCollectionId))
const account = z.pipe(syncId, z.transform(parseAccountId))
const bytes = (size: number) =>
  z.pipe(z.string().check(z.refine((text) => isBase64UrlOf(text, size))), z.transform(fromBase64Url))
const secret = bytes(32)
const role = z.enum(['viewer', 'editor', 'owner'])
const invitedRole = z.enum(['viewer', 'editor'])
const keyId = z.string().check(z.maxLength(100))

/** What a link asks for, and what becomes of people. Each has its effect once, however often it is asked. */
const questionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begin'), nonce: bytes(16) }),
  z.object({ kind: z.literal('invite'), collection, secret, role: invitedRole, expiresAt: z.int() }),
  z.object({ kind: z.literal('withdraw'), collection, invitation: keyId }),
  z.object({ kind: z.literal('change-role'), collection, account, role }),
  z.object({ kind: z.literal('remove'), collection, account }),
  z.object({ kind: z.literal('leave'), collection }),
  z.object({ kind: z.literal('look'), collection, secret }),
  z.object({ kind: z.literal('redeem'), collection, secret }),
])

/** One of the questions, parsed. */
export type PeopleQuestion = z.output<typeof questionSchema>
/** The same, as a tab sends it. */
export type AskedOfPeople = z.input<typeof questionSchema>
/** Throws for what is no question. */
export const parsePeopleQuestion = (question: unknown): PeopleQuestion => questionSchema.parse(question)

/**
 * `done`: it holds, now or since before. `impossible`: the membership does not permit it, or the link lets nobody in. `no-relay`: nobody answered in time, so that
 * nothing was changed, as far as is known. `no-place`: this account may begin nothing at the relay.
 */
const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.enum(['impossible', 'no-relay', 'no-place']) }),
  z.object({ kind: z.literal('begun'), collection: z.string() }),
])
export type PeopleAnswer = z.infer<typeof answerSchema>
/** Undefined for what is no answer of this version. */
export const parsePeopleAnswer = (answer: unknown): PeopleAnswer | undefined => answerSchema.safeParse(answer).data

const membershipSchema = z.object({
  /** This account. `role`: undefined for who is no member. */
  you: z.object({ account: z.string(), role: z.optional(role) }),
  members: z.array(z.object({ account: z.string(), role, name: z.optional(z.string()) })),
  invitations: z.array(z.object({ id: z.string(), role, expiresAt: z.number() })),
})
/** Who belongs to a shared collection, as far as its log is on this device. */
export type Membership = z.infer<typeof membershipSchema>
/** Undefined for what is none of this version, or not known yet. */
export const parseMembership = (value: unknown): Membership | undefined => membershipSchema.safeParse(value).data
