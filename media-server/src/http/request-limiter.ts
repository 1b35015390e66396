import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'
import { createConcurrencyLimit, createRateLimit } from './rate-limit.ts'
import type { ClassLimit, LimitClass, RequestLimits } from './limits.ts'

/** Why a request was refused by a limit, for /metrics. */
type LimitReason = 'peer-rate' | 'peer-at-once' | 'account-rate' | 'account-at-once'

export type RequestLimiter = {
  /** Counts a request of a peer, before its proof is read. Returns the function to call when it has been answered. Throws a ProblemError `rate-limited`. */
  byPeer(limitClass: LimitClass, peer: string): () => void
  /** The same for an account, after its proof. */
  byAccount(limitClass: LimitClass, account: string): () => void
  /** Counts a connection. False when the peer has too many, else the function to call when it is closed. */
  connection(peer: string): false | (() => void)
}

type Gate = (limitClass: LimitClass, caller: string) => () => void

export const createRequestLimiter = (clock: Clock, limits: RequestLimits): RequestLimiter => ({
  byPeer: createGate(limits, 'peer', (limit) => createRateLimit(clock, limit.peer)),
  byAccount: createGate(limits, 'account', (limit) =>
    limit.account === undefined ? () => true : createRateLimit(clock, limit.account),
  ),
  connection: createConcurrencyLimit(limits.connections),
})

const createGate = (
  limits: RequestLimits,
  by: 'peer' | 'account',
  rateOf: (limit: ClassLimit) => (caller: string, cost: number) => boolean,
): Gate => {
  const gates = new Map(
    Object.entries(limits.classes).map(([name, limit]) => [
      name,
      { takes: rateOf(limit), enter: createConcurrencyLimit(limit.atOnce ?? Infinity), cost: limit.cost },
    ]),
  )
  return (limitClass, caller) => {
    const gate = gates.get(limitClass)
    if (gate === undefined) throw new Error(`the class ${limitClass} has no limits`)
    if (!gate.takes(caller, gate.cost)) throw limited(`${by}-rate`)
    const leave = gate.enter(caller)
    if (leave === false) throw limited(`${by}-at-once`)
    return leave
  }
}

const details: Readonly<Record<LimitReason, string>> = {
  'peer-rate': 'Too many requests from this address. Wait some seconds and try again.',
  'peer-at-once': 'Too many requests from this address are being answered. Wait for one to end.',
  'account-rate': 'Too many requests of this account. Wait some seconds and try again.',
  'account-at-once': 'Too many requests of this account are being answered. Wait for one to end.',
}
const limited = (reason: LimitReason): ProblemError =>
  Object.assign(new ProblemError('rate-limited', details[reason]), { reason })

/** What /metrics counts a refusal as: the limit that was reached, else the code of the problem. */
export const refusalReasonOf = (error: unknown, code: string): string =>
  error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : code
