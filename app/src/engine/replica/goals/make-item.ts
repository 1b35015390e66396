import { toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk } from '@tonestead/protocol/device-log'
import { deriveAgreementPair, exportScalar, keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { epochKeyBytes, keyHashOf, sealSecret } from '@tonestead/protocol/sync/keys/epoch-keys'
import { epochBoxInfo, sealBox } from '@tonestead/protocol/sync/keys/hpke-box'
import { signMembership } from '@tonestead/protocol/sync/keys/sign-item'
import type { AccountState } from '@tonestead/protocol/sync/log/account-log'
import { recipientsOfDraft } from '@tonestead/protocol/sync/log/draft-membership'
import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type {
  EpochStart,
  MembershipHeader,
  MembershipItem,
  MembershipOperation,
  SealedBox,
} from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { ReplicaContext } from '../replica-context.ts'
import type { Plan } from './plan-goal.ts'

/** On what an item is made. `currentKey`: the key of the current epoch; undefined before the first. `account`: what the operation proves. */
export type Ground = {
  readonly collection: CollectionId
  readonly now: MembershipState | undefined
  readonly currentKey: Bytes | undefined
  readonly account?: AccountState | undefined
}

/** Makes the membership item of a plan: with a new epoch, if it begins one, and with the sealed keys that it must carry. */
export const makeItem = async (context: ReplicaContext, ground: Ground, plan: Plan): Promise<MembershipItem> =>
  plan.begins
    ? makeEpochItem(context, ground, plan)
    : makeJoinItem(context, ground, plan.operation as MembershipOperation)

const signed = (
  { subtle, device }: ReplicaContext,
  { collection, now }: Ground,
  { operation, boxes }: { operation: MembershipOperation; boxes: readonly SealedBox[] },
): Promise<MembershipItem> =>
  signMembership(
    { subtle, signingKey: device.signing.privateKey },
    headerOf(device, { collection, now, operation }),
    boxes,
  )

const headerOf = (
  { account, device }: ReplicaContext['device'],
  {
    collection,
    now,
    operation,
  }: { collection: CollectionId; now: MembershipState | undefined; operation: MembershipOperation },
): Omit<MembershipHeader, 'boxesHash'> => ({ version: 1, collection, account, device, base: now?.base, operation })

const seal = async (
  { subtle, random }: ReplicaContext,
  { recipient, key }: { recipient: AgreementJwk; key: Bytes },
  collection: CollectionId,
): Promise<SealedBox> => {
  const content = { info: epochBoxInfo(collection), plaintext: key }
  const sealed = await sealBox({ subtle, random: (bytes) => random.bytes(bytes) }, recipient, content)
  return { recipient: keyIdOf(recipient), sealed }
}

/** [RP18] Who joins gets the current key. */
const makeJoinItem = async (
  context: ReplicaContext,
  ground: Ground,
  operation: MembershipOperation,
): Promise<MembershipItem> => {
  const recipient = joiningKey(operation, ground)
  if (recipient === undefined) return signed(context, ground, { operation, boxes: [] })
  if (ground.currentKey === undefined) throw new Error('who lacks the current key invites nobody')
  const box = await seal(context, { recipient, key: ground.currentKey }, ground.collection)
  return signed(context, ground, { operation, boxes: [box] })
}

const joiningKey = (operation: MembershipOperation, { account }: Ground): AgreementJwk | undefined => {
  if (operation.kind === 'invited') return operation.invitation
  if (operation.kind === 'device-added') return operation.device.sealingKey
  return operation.kind === 'redeemed' ? account?.agreementKey : undefined
}

/** [RP21] A new epoch: a random key, sealed to everyone who may read after the item, and the previous key under it. */
const makeEpochItem = async (context: ReplicaContext, ground: Ground, plan: Plan): Promise<MembershipItem> => {
  const key = context.random.bytes(epochKeyBytes)
  const start: EpochStart = { keyHash: keyHashOf(key), recipients: [], ...(await previousKey(context, ground, key)) }
  const rotated = await newAgreementKey(context, ground, { plan, key })
  const draft = { ...plan.operation, ...rotated.fields, epoch: start } as MembershipOperation
  const { account } = ground
  const header = headerOf(context.device, { ...ground, operation: draft })
  const recipients = recipientsOfDraft(ground.now, { header, account }).epoch
  const operation = { ...draft, epoch: { ...start, recipients: recipients.map(({ id }) => id) } } as MembershipOperation
  const boxes: SealedBox[] = []
  for (const recipient of recipients)
    boxes.push(await seal(context, { recipient: recipient.key, key }, ground.collection))
  return signed(context, ground, { operation, boxes: [...boxes, ...rotated.boxes] })
}

const previousKey = async (
  { subtle, random }: ReplicaContext,
  { currentKey, collection }: Ground,
  epochKey: Bytes,
): Promise<{ previousKey?: string }> => {
  if (currentKey === undefined) return {}
  const terms = { epochKey, collection, purpose: 'previous-key' } as const
  return {
    previousKey: toBase64Url(await sealSecret({ subtle, random: (bytes) => random.bytes(bytes) }, terms, currentKey)),
  }
}

type Rotated = { readonly fields: { readonly agreementKey?: AgreementJwk }; readonly boxes: readonly SealedBox[] }

/** [RP23] [RP20] A new agreement key of the account: its private part comes in a box under the new epoch. */
const newAgreementKey = async (
  { subtle, random }: ReplicaContext,
  { collection }: Ground,
  { plan, key }: { plan: Plan; key: Bytes },
): Promise<Rotated> => {
  if (!('agreementKey' in plan.operation)) return { fields: {}, boxes: [] }
  const pair = await deriveAgreementPair({ subtle }, random.bytes(32), { isExtractable: true })
  const scalar = await exportScalar({ subtle }, pair.privateKey)
  const terms = { epochKey: key, collection, purpose: 'agreement-key' } as const
  const sealed = await sealSecret({ subtle, random: (bytes) => random.bytes(bytes) }, terms, scalar)
  return { fields: { agreementKey: pair.publicKey }, boxes: [{ recipient: keyIdOf(pair.publicKey), sealed }] }
}
