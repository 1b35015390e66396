import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { verifyChallenge } from '@tonestead/protocol/sync/keys/relay-challenge'
import type { Verifier } from '@tonestead/protocol/sync/keys/verifier'
import { readAccountLog } from '@tonestead/protocol/sync/log/read-account-log'
import { signingKeyOf, type Author } from '@tonestead/protocol/sync/log/rights'
import type { Clock } from '../ports/clock.ts'
import type { LogStore } from '../ports/log-store.ts'
import type { HeadCache } from './head-cache.ts'

/** What a device says to become known. */
export type Credentials = {
  readonly account: AccountId
  readonly device: DeviceId
  readonly signature: Bytes
  readonly deviceLog?: readonly string[] | undefined
  readonly pass?: string | undefined
}

/**
 * Who is connected. `isAdmitted`: may begin logs here. A guest may not: he uses collections that he is a member of, or redeems an invitation; that is how
 * people of other servers share a playlist.
 */
export type Admission =
  | { readonly kind: 'known'; readonly author: Author; readonly isAdmitted: boolean }
  | {
      readonly kind: 'refused'
      readonly code: 'device-unknown' | 'device-removed' | 'signature-invalid' | 'pass-invalid'
    }

export type AuthenticateDeps = {
  readonly subtle: SubtleCrypto
  readonly verifier: Verifier
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<LogStore, 'admit' | 'isAdmitted'>
  readonly heads: Pick<HeadCache, 'fresh'>
  readonly relayKey: SigningJwk
  /** Everybody may begin logs. */
  readonly isOpen: boolean
  /** Does a media server vouch for this account at this relay? */
  readonly checkPass: (pass: string, author: Author) => Promise<boolean>
}

/** [RC1] A device proves with its key that it belongs to the account, and a pass, or an earlier one, that the account may begin logs here. */
export const authenticate = async (
  deps: AuthenticateDeps,
  credentials: Credentials,
  nonce: string,
): Promise<Admission> => {
  const { account, device, signature } = credentials
  const key = await findDeviceKey(deps, credentials)
  if (key.kind === 'refused') return key
  const challenge = { relayKey: deps.relayKey, nonce, device }
  if (!(await verifyChallenge(deps, { challenge, signature }, key.signingKey)))
    return { kind: 'refused', code: 'signature-invalid' }
  const isAdmitted = await admit(deps, credentials)
  if (isAdmitted === undefined) return { kind: 'refused', code: 'pass-invalid' }
  return { kind: 'known', author: { account, device }, isAdmitted }
}

type FoundKey =
  { readonly kind: 'found'; readonly signingKey: SigningJwk } | Extract<Admission, { readonly kind: 'refused' }>

/** [RC2] The account's own log decides, where this relay has it; else the device log that the device brings. */
const findDeviceKey = async (deps: AuthenticateDeps, credentials: Credentials): Promise<FoundKey> => {
  const { account, device, deviceLog } = credentials
  const head = await deps.heads.fresh(personalCollectionId(account))
  if (head !== undefined) {
    const signingKey = signingKeyOf(head.state, account, device)
    return signingKey === undefined ? { kind: 'refused', code: 'device-removed' } : { kind: 'found', signingKey }
  }
  const brought = deviceLog === undefined ? undefined : await readAccountLog(deps, deviceLog)
  const found = brought?.devices.find((known) => known.account === account && known.device === device)
  return found === undefined
    ? { kind: 'refused', code: 'device-unknown' }
    : { kind: 'found', signingKey: found.signingKey }
}

/** Undefined for a pass that is not valid: its device should ask for a new one. */
const admit = async (deps: AuthenticateDeps, { account, device, pass }: Credentials): Promise<boolean | undefined> => {
  if (deps.isOpen || (await deps.store.isAdmitted(account))) return true
  if (pass === undefined) return false
  if (!(await deps.checkPass(pass, { account, device }))) return undefined
  await deps.store.admit(account, deps.clock.now())
  return true
}
