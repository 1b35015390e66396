import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { tokenHash, type Right, type Session } from '@tonestead/protocol/auth'
import { deviceIdOf, maxStandingDevices, type KnownDevice } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import { isSingleEntry, readAccountLog, type AccountLog } from '@tonestead/protocol/sync/log/read-account-log'
import type { AccountStore } from '../ports/account-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { AccessTokens } from './access-token.ts'
import type { ProofRequest } from './check-proof.ts'
import type { SigningJwk } from '@tonestead/protocol/device-log'

/** Who makes a request. A visitor has no token and may hear what is public. */
export type Caller =
  | { readonly kind: 'visitor' }
  | {
      readonly kind: 'device'
      readonly account: AccountId
      readonly device: DeviceId
      readonly rights: readonly Right[]
    }

export type Sessions = {
  /** A session for the device that signed the proof. Throws a ProblemError when that device is not in the signed device log. */
  open(request: Omit<ProofRequest, 'ath'> & { readonly deviceLog: readonly string[] }): Promise<Session>
  /** The device that a token and a proof belong to, with its current rights. */
  identify(
    request: Omit<ProofRequest, 'ath'> & { readonly token: string },
  ): Promise<Extract<Caller, { kind: 'device' }>>
}

export type SessionDeps = {
  readonly accounts: AccountStore
  readonly clock: Clock
  readonly tokens: AccessTokens
  readonly checkProof: (request: ProofRequest) => Promise<SigningJwk>
  readonly subtle: SubtleCrypto
  /** Ends the requests of a device that is removed. */
  readonly endRequests: (device: DeviceId) => void
}

export const createSessions = (deps: SessionDeps): Sessions => ({
  open: async ({ deviceLog, ...request }) => {
    const key = await deps.checkProof({ ...request, ath: undefined })
    const device = await findDevice(deps, deviceLog, key)
    const registered = await deps.accounts.register(device, deps.clock.now(), maxStandingDevices)
    if (registered === 'device-removed') throw new ProblemError('device-removed')
    if (registered === 'device-limit-reached')
      throw new ProblemError(
        'device-limit-reached',
        `An account may have ${maxStandingDevices} devices here. Remove one first.`,
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
      throw new ProblemError('proof-invalid', 'The proof and the token belong to different devices.')
    // The token of a removed device is still within its ten minutes: it ends at once.
    const [device, rights] = await Promise.all([
      deps.accounts.device(holder.device),
      deps.accounts.rightsOf(holder.account),
    ])
    if (device === undefined) throw new ProblemError('device-removed')
    return { kind: 'device', ...holder, rights }
  },
})

/** The device of a key in the newest log of its account that this server has seen. Throws a ProblemError. */
const findDevice = async (deps: SessionDeps, deviceLog: readonly string[], key: SigningJwk): Promise<KnownDevice> => {
  const brought = await readAccountLog(deps, deviceLog)
  if (brought === undefined) throw new ProblemError('proof-invalid', 'The device log is not valid.')
  const hasKey = ({ signingKey }: KnownDevice): boolean => signingKey.x === key.x
  const found = (await newestDevices(deps, brought, deviceLog)).find(hasKey)
  if (found !== undefined) return found
  if (brought.devices.some(hasKey)) throw new ProblemError('device-removed')
  throw new ProblemError('proof-invalid', 'The key that signed this request is not in the device log.')
}

/** The devices that stand in the newest log. A log that goes on from the one that was kept is kept. */
const newestDevices = async (
  deps: SessionDeps,
  { account, devices, generation }: AccountLog,
  deviceLog: readonly string[],
): Promise<readonly KnownDevice[]> => {
  // Who has no rights gains nothing by a removed device, and could fill the disk with logs.
  if ((await deps.accounts.rightsOf(account)).length === 0) return devices
  const entries = isSingleEntry(deviceLog) ? [] : deviceLog
  const standing = devices.map(({ device }) => device)
  const kept = await deps.accounts.keepDeviceLog({ account, entries, generation, standing }, deps.clock.now())
  if (kept.kind === 'forked')
    throw new ProblemError('proof-invalid', 'This device log contradicts another one of the account.')
  if (kept.kind === 'older') return (await readAccountLog(deps, kept.entries))?.devices ?? []
  for (const device of kept.removed) deps.endRequests(device)
  return devices
}
