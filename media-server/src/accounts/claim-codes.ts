import { createHash, timingSafeEqual } from 'node:crypto'
import type { AccountId } from '@tonestead/crdt/ids'
import { toBase32, type Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { AccountStore } from '../ports/account-store.ts'
import type { Clock } from '../ports/clock.ts'

export type ClaimCodes = {
  /** The code for this run of the server; undefined when the server has an administrator. */
  code(): Promise<string | undefined>
  /** Gives all rights to the account. Throws a ProblemError `claim-invalid` or `already-claimed`. */
  redeem(code: string, account: AccountId): Promise<void>
}

/** `random`: 15 bytes for the code of this run. The code is printed on the console and nowhere else. */
export const createClaimCodes = (deps: { accounts: AccountStore; clock: Clock; random: Bytes }): ClaimCodes => {
  const code = toBase32(deps.random)
  return {
    code: async () => ((await deps.accounts.isClaimed()) ? undefined : code),
    redeem: async (given, account) => {
      if (await deps.accounts.isClaimed()) throw new ProblemError('already-claimed')
      if (!isSameText(given.trim().toLowerCase(), code))
        throw new ProblemError('claim-invalid', 'Look at the console of the server: each start prints a new code.')
      if (!(await deps.accounts.claim(account, deps.clock.now()))) throw new ProblemError('already-claimed')
    },
  }
}

/** Compares in constant time, also for different lengths. */
const isSameText = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
