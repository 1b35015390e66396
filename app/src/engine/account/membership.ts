import type { Answer } from '../server/answer.ts'
import type { FindOutcome } from './pairing/add-device.ts'
import type { Offered, OfferOutcome } from './pairing/offer-device.ts'

/** Which devices belong to the account. Its code is loaded when it is wanted. */
export type AccountMembership = {
  /** [AP1] This device asks to be added to another account. */
  readonly offer: (signal: AbortSignal) => Promise<Answer<Offered>>
  /** [AP4] This profile becomes a device of that account; what it kept goes along. Then every tab of it is loaded again. */
  readonly takeOver: (added: Extract<OfferOutcome, { kind: 'added' }>) => Promise<void>
  /** [AP2] Finds the device that shows this code. */
  readonly find: (typed: string, signal: AbortSignal) => Promise<FindOutcome>
  /** [AC1] Removes another device for ever: from the log of the account, then from this server. `unconfirmed`: the server has removed it, the relay has not confirmed it. */
  readonly removeDevice: (id: string) => Promise<Answer<'removed' | 'unconfirmed'>>
}
