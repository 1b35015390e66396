import { fromBase64Url } from '../../bytes.ts'
import { deviceIdOf, type SigningJwk } from '../../device-log.ts'
import { readProofItem, type ProofItem } from '../codec/item-codec.ts'
import { personalCollectionId } from '../derived-ids.ts'
import { createVerifier, type Verifier } from '../keys/verifier.ts'
import type { AccountProof, MembershipHeader } from '../membership.ts'
import { findAccountFault, foldAccount, isRootSigned, type AccountState } from './account-log.ts'
import { verifyFirstEntry } from './root-key.ts'

/** What verifying needs. A `verifier` that is kept keeps imported keys: whoever verifies many items passes one. */
export type VerifyDeps = { readonly subtle: SubtleCrypto; readonly verifier?: Verifier | undefined }

/** The verifier to use. */
export const verifierOf = ({ subtle, verifier }: VerifyDeps): Verifier => verifier ?? createVerifier({ subtle }, 8)

/**
 * [LP2] [LP3] [LP6] The account after all items of a proof; undefined when any of them is wrong. `known`: what the collection knows of the account, undefined
 * for a new member. In the result, `since` of a device is 0 when `known` has it and it has stood since, else the number of the item that added it.
 */
export const verifyAccountProof = async (
  deps: VerifyDeps,
  proof: AccountProof,
  known: AccountState | undefined,
): Promise<AccountState | undefined> => {
  const items = proof.items.map(readProofText)
  const first = items[0]
  if (first === undefined || (known !== undefined && known.account !== proof.account)) return undefined
  if (known !== undefined && first.header.base !== undefined)
    return foldProof(deps, items, { ...known, devices: standingBefore(known) })
  const state = await foldProof(deps, items, undefined)
  if (state?.account !== proof.account) return undefined
  return known === undefined || state.generation > known.generation ? state : undefined
}

/** The account after the items, each of which must be the next one; undefined as soon as one is not. */
const foldProof = async (
  deps: VerifyDeps,
  items: readonly (ProofItem | undefined)[],
  known: AccountState | undefined,
): Promise<AccountState | undefined> => {
  const kept = { subtle: deps.subtle, verifier: verifierOf(deps) }
  let state = known
  for (const item of items) {
    if (item === undefined || !(await isNext(kept, item, state))) return undefined
    state = foldAccount(state, item, (state?.items ?? 0) + 1)
  }
  return state
}

const standingBefore = ({ devices }: AccountState): AccountState['devices'] =>
  new Map([...devices].map(([id, device]) => [id, { ...device, since: 0 }]))

const readProofText = (text: string): ProofItem | undefined => {
  try {
    return readProofItem(fromBase64Url(text))
  } catch (error) {
    // `atob` throws a DOMException on a wrong length, `fromBase64Url` a TypeError on other characters.
    if (error instanceof TypeError || error instanceof DOMException) return undefined
    throw error
  }
}

const isNext = async (
  deps: Required<VerifyDeps>,
  item: ProofItem,
  state: AccountState | undefined,
): Promise<boolean> => {
  const { header } = item
  if (header.collection !== personalCollectionId(header.account) || header.base !== state?.base) return false
  if (!(await hasOwnDeviceIds(deps, header))) return false
  const key = state === undefined ? await verifyCreation(deps, header) : findSigningKey(state, header)
  return key !== undefined && (await verifierOf(deps).verifyItem(item, key))
}

const findSigningKey = (state: AccountState, header: MembershipHeader): SigningJwk | undefined => {
  if (findAccountFault(state, header) !== undefined) return undefined
  return isRootSigned(header.operation) ? state.rootKey : state.devices.get(header.device)?.signingKey
}

/** [LP1] The key that signs `account-created`: that of the first device, if the root key vouches for it. */
export const verifyCreation = async (deps: VerifyDeps, header: MembershipHeader): Promise<SigningJwk | undefined> => {
  const { operation, account, device } = header
  if (operation.kind !== 'account-created' || operation.device.device !== device) return undefined
  const known = await verifyFirstEntry({ ...deps, verifier: verifierOf(deps) }, operation.deviceLogEntry)
  return known?.account === account && known.device === device ? operation.device.signingKey : undefined
}

/** [LP5] A device id is the hash of the device's signing key, so that nobody gets another's id. */
export const hasOwnDeviceIds = async ({ subtle }: VerifyDeps, { operation }: MembershipHeader): Promise<boolean> => {
  if (
    operation.kind !== 'account-created' &&
    operation.kind !== 'device-added' &&
    operation.kind !== 'account-restored'
  )
    return true
  return (await deviceIdOf(subtle, operation.device.signingKey)) === operation.device.device
}
