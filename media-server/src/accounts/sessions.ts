import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { tokenHash, type Right, type Session } from '@tonestead/protocol/auth'
import { deviceIdOf, readDeviceLog } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import type { AccountStore } from '../ports/account-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { AccessTokens } from './access-token.ts'
import type { ProofFor } from './check-proof.ts'
import type { SigningJwk } from '@tonestead/protocol/device-log'

/** Who makes a request. A visitor shows no token and hears what is public. */
export type Caller =
  | { readonly kind: 'visitor' }
  | {
      readonly kind: 'device'
      readonly account: AccountId
      readonly device: DeviceId
      readonly rights: readonly Right[]
    }

const maxDevicesPerAccount = 5

export type Sessions = {
  /** A session for the device that signed the proof, if the log vouches for it. */
  open(request: { proof: string; method: string; path: string; deviceLog: readonly string[] }): Promise<Session>
  /** The device behind a token and a proof; rights as they are now. */
  identify(request: {
    token: string
    proof: string
    method: string
    path: string
  }): Promise<Extract<Caller, { kind: 'device' }>>
}

export type SessionDeps = {
  readonly accounts: AccountStore
  readonly clock: Clock
  readonly tokens: AccessTokens
  readonly checkProof: (request: ProofFor) => Promise<SigningJwk>
  readonly subtle: SubtleCrypto
}

export const createSessions = (deps: SessionDeps): Sessions => ({
  open: async ({ deviceLog, ...request }) => {
    const key = await deps.checkProof({ ...request, ath: undefined })
    const known = await readDeviceLog(deps.subtle, deviceLog)
    if (known === undefined) throw new ProblemError('proof-invalid', 'The device log does not hold.')
    const device = known.find((entry) => entry.signingKey.x === key.x)
    if (device === undefined)
      throw new ProblemError('proof-invalid', 'The device log does not vouch for the key that signed this request.')
    const registered = await deps.accounts.register(device, deps.clock.now(), maxDevicesPerAccount)
    if (registered === 'device-limit-reached')
      throw new ProblemError(
        'device-limit-reached',
        `An account may have ${maxDevicesPerAccount} devices here. Remove one first.`,
      )
    const signed = await deps.tokens.sign(device)
    return {
      ...signed,
      serverTime: deps.clock.now(),
      account: device.account,
      device: device.device,
      rights: [...(await deps.accounts.rightsOf(device.account))],
    }
  },
  identify: async ({ token, ...request }) => {
    const holder = await deps.tokens.read(token)
    const key = await deps.checkProof({ ...request, ath: await tokenHash(deps.subtle, token) })
    if ((await deviceIdOf(deps.subtle, key)) !== holder.device)
      throw new ProblemError('proof-invalid', 'The proof is signed by another device than the token was made for.')
    return { kind: 'device', ...holder, rights: await deps.accounts.rightsOf(holder.account) }
  },
})
