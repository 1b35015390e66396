import { maxAnswerLength, maxOfferLength, pairingLifetimeMs } from '@tonestead/protocol/pairing'
import type { Clock } from '../ports/clock.ts'

type Mailbox = { readonly offer: string; readonly peer: string; readonly openedAt: number; answer?: string }

/** The mailboxes through which a new device and a device of an account find each other. Their messages are sealed with keys that this server does not have. */
export type Pairings = {
  /** `taken`: there is another offer. `full`: this peer, or all together, have too many. The same offer again is `kept`. */
  open(mailbox: { readonly id: string; readonly offer: string; readonly peer: string }): 'kept' | 'taken' | 'full'
  /** Undefined when it was never opened, or has expired. */
  read(id: string): { readonly offer: string; readonly answer?: string } | undefined
  /** The first answer counts. The same one again is `kept`. */
  answer(id: string, answer: string): 'kept' | 'taken' | 'gone'
}

const mostOfPeer = 16
/** At most 130 MB when every mailbox holds the longest answer; what honest devices write is a hundredth of it. */
const mostMailboxes = 1000

/** In memory: who pairs while the server restarts begins again. */
export const createPairings = (clock: Clock): Pairings => {
  const mailboxes = new Map<string, Mailbox>()
  const forgetExpired = (): void => {
    // In the order of their beginnings.
    for (const [id, { openedAt }] of mailboxes) {
      if (openedAt + pairingLifetimeMs > clock.now()) return
      mailboxes.delete(id)
    }
  }
  const find = (id: string): Mailbox | undefined => {
    forgetExpired()
    return mailboxes.get(id)
  }
  return {
    open: ({ id, offer, peer }) => {
      const known = find(id)
      if (known !== undefined) return known.offer === offer ? 'kept' : 'taken'
      const ofPeer = [...mailboxes.values()].filter((mailbox) => mailbox.peer === peer).length
      if (mailboxes.size >= mostMailboxes || ofPeer >= mostOfPeer) return 'full'
      mailboxes.set(id, { offer, peer, openedAt: clock.now() })
      return 'kept'
    },
    read: (id) => {
      const known = find(id)
      return known && { offer: known.offer, ...(known.answer === undefined ? {} : { answer: known.answer }) }
    },
    answer: (id, answer) => {
      const known = find(id)
      if (known === undefined) return 'gone'
      known.answer ??= answer
      return known.answer === answer ? 'kept' : 'taken'
    },
  }
}

/** Longest body of a request, by its path. */
export const pairingBodyBytes = {
  '/api/pairings': maxOfferLength + 256,
  '/api/pairing-answers': maxAnswerLength + 256,
} as const
