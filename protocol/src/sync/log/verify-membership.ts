import { fromBase64Url } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import { boxesHashOf } from '../codec/membership-codec.ts'
import { personalCollectionId, sharedCollectionId } from '../derived-ids.ts'
import { verifyRedemption } from '../keys/invitation-link.ts'
import type { MembershipState, NeverReason } from '../log-state.ts'
import type { MembershipHeader, MembershipItem, MembershipOperation } from '../membership.ts'
import { accountOfMember, isRootSigned, type AccountState } from './account-log.ts'
import { signingKeyOf } from './rights.ts'
import { never } from './verdict.ts'
import type { VerifiedMembership } from './verified-item.ts'
import { hasOwnDeviceIds, verifierOf, verifyAccountProof, verifyCreation, type VerifyDeps } from './verify-account.ts'

/** Why an item is refused before the log is asked. */
export type Refused = { readonly kind: 'never'; readonly reason: NeverReason }

/**
 * Verifies what a membership item proves: signatures of device, root key and invitation, account proof, ids that are hashes, the hash of the boxes. `now`:
 * the membership on which the item was made, undefined for the first item of a log; for a re-homing that keeps less than the whole log, the membership
 * at the place that it keeps. Signatures are verified strictly (`strict-ed25519.ts`), so that all replicas agree.
 */
export const verifyMembership = async (
  deps: VerifyDeps,
  item: MembershipItem,
  now: MembershipState | undefined,
): Promise<VerifiedMembership | Refused> => {
  const { id, header, boxes } = item
  const kept = { ...deps, verifier: verifierOf(deps) }
  if (header.base !== now?.base) return never('base-moved')
  if (boxesHashOf(boxes) !== header.boxesHash) return never('malformed')
  if (!isOwnCollection(header)) return never('wrong-collection')
  if (!(await hasOwnDeviceIds(kept, header))) return never('target-wrong')
  const account = await findProvedAccount(kept, header, now)
  if (account === 'wrong') return never('account-wrong')
  const key = await findSigningKey(kept, header, { now, account })
  if (key === undefined) return never(now === undefined ? 'account-wrong' : 'no-right')
  if (!(await kept.verifier.verifyItem(item, key))) return never('signature')
  if (!(await isRedemptionProved(kept, header, now))) return never('signature')
  return { kind: 'membership', id, header, boxRecipients: boxes.map(({ recipient }) => recipient), account }
}

/** [LM2] The id of a collection follows from who created it. */
const isOwnCollection = ({ operation, collection, account, device }: MembershipHeader): boolean => {
  if (operation.kind === 'account-created') return collection === personalCollectionId(account)
  return operation.kind !== 'created' || collection === sharedCollectionId(device, fromBase64Url(operation.nonce))
}

/** The account that the operation proves, if it must prove one. */
const findProvedAccount = async (
  deps: VerifyDeps,
  { operation, account }: MembershipHeader,
  now: MembershipState | undefined,
): Promise<AccountState | 'wrong' | undefined> => {
  if (operation.kind !== 'created' && operation.kind !== 'redeemed' && operation.kind !== 'account-advanced')
    return undefined
  const isAdvance = operation.kind === 'account-advanced'
  if (!isAdvance && operation.account.account !== account) return 'wrong'
  const member = isAdvance ? now?.members.get(operation.account.account) : undefined
  if (isAdvance && member === undefined) return 'wrong'
  const known = member === undefined ? undefined : accountOfMember(member)
  return (await verifyAccountProof(deps, operation.account, known)) ?? 'wrong'
}

/** [LM7] Which key signs: the root key where the operation says so, else the device's, known from the collection or from the proof. */
const findSigningKey = async (
  deps: VerifyDeps,
  header: MembershipHeader,
  { now, account }: { readonly now: MembershipState | undefined; readonly account: AccountState | undefined },
): Promise<SigningJwk | undefined> => {
  if (header.operation.kind === 'account-created') return verifyCreation(deps, header)
  if (isRootSigned(header.operation)) return now?.members.get(header.account)?.rootKey
  const proved = account?.account === header.account ? account.devices.get(header.device)?.signingKey : undefined
  return signingKeyOf(now, header.account, header.device) ?? proved
}

type Redeemed = Extract<MembershipOperation, { kind: 'redeemed' }>

/** [LM10] Whoever redeems has the link: its proof key has signed. A closed invitation is refused by `checkMembership`. */
const isRedemptionProved = async (
  deps: VerifyDeps,
  { operation, collection, account, device }: MembershipHeader,
  now: MembershipState | undefined,
): Promise<boolean> => {
  if (operation.kind !== 'redeemed') return true
  const proofKey = proofKeyOf(operation, now)
  if (proofKey === undefined) return true
  const redemption = { collection, account, device }
  return verifyRedemption({ verifier: verifierOf(deps) }, { redemption, proof: operation.proof }, proofKey)
}

const proofKeyOf = ({ invitation }: Redeemed, now: MembershipState | undefined): SigningJwk | undefined =>
  now?.invitations.get(invitation)?.proofKey
