import { toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import { personalCollectionId, sharedCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { verifyAccountProof } from '@tonestead/protocol/sync/log/verify-account'
import type { HomeRelay, MembershipItem } from '@tonestead/protocol/sync/membership'
import type { ReplicaContext } from '../replica-context.ts'
import type { PersonalOptions } from '../replica.ts'
import { ownAccountProof } from './account-proof.ts'
import { makeItem } from './make-item.ts'
import { placeholderKey } from './plan-goal.ts'

/** [RP23] The first item of the personal collection: its device, its home, the first epoch, and a new agreement key for the account. */
export const createPersonalItem = (
  context: ReplicaContext,
  { deviceLogEntry, recoveryKey, home }: PersonalOptions,
): Promise<MembershipItem> => {
  const { account, device, name, signing, sealing } = context.device
  const collection = personalCollectionId(account)
  const memberDevice = { device, name, signingKey: signing.publicKey, sealingKey: sealing.publicKey }
  const operation = {
    kind: 'account-created',
    deviceLogEntry,
    device: memberDevice,
    agreementKey: placeholderKey,
    recoveryKey,
    home,
  } as const
  const ground = { collection, now: undefined, currentKey: undefined }
  return makeItem(context, ground, { kind: 'operation', begins: true, operation })
}

/** [RP22] The first item of a shared collection: its owner's account, its home and the first epoch. Undefined while the personal collection is not in its log. */
export const createSharedItem = async (
  context: ReplicaContext,
  home: HomeRelay,
  nonce: Bytes,
): Promise<MembershipItem | undefined> => {
  const proof = ownAccountProof(context, 0)
  const account = proof === undefined ? undefined : await verifyAccountProof(context, proof, undefined)
  if (proof === undefined || account === undefined) return undefined
  const ground = {
    collection: sharedCollectionId(context.device.device, nonce),
    now: undefined,
    currentKey: undefined,
    account,
  }
  const operation = { kind: 'created', nonce: toBase64Url(nonce), account: proof, home } as const
  return makeItem(context, ground, { kind: 'operation', begins: true, operation })
}
