import type { DeviceId } from '@tonestead/crdt/ids'
import { toBase64Url, utf8, type Bytes } from '../../bytes.ts'
import { accountIdOf, deviceIdOf, signDeviceLogEntry, type AgreementJwk, type SigningJwk } from '../../device-log.ts'
import { signingPairOf } from '../../vectors.testkit.ts'
import { nextChain } from '../chain.ts'
import { writeProofItem } from '../codec/item-codec.ts'
import { personalCollectionId, sharedCollectionId } from '../derived-ids.ts'
import { deriveAgreementPair } from '../keys/agreement-key.ts'
import { invitationKeys, signRedemption, type Redemption } from '../keys/invitation-link.ts'
import { signMembership } from '../keys/sign-item.ts'
import { createVerifier } from '../keys/verifier.ts'
import type { Verdict } from '../log-state.ts'
import type { AccountProof, EpochStart, MemberDevice, MembershipItem, MembershipOperation } from '../membership.ts'
import { hashOf } from '../sync-hash.ts'
import type { CollectionId } from '../sync-ids.ts'
import { verifyItem } from './check-item.ts'
import { recipientsOfDraft } from './draft-membership.ts'
import { createMemoryLog, type MemoryLog } from './memory-log.ts'
import type { Author } from './rights.ts'
import { verifyAccountProof, type VerifyDeps } from './verify-account.ts'

// Logs with real keys and signatures. Keys follow from names; the sealed keys in boxes are dummies, which no check opens.

const { subtle } = globalThis.crypto
export const deps: VerifyDeps = { subtle, verifier: createVerifier({ subtle }) }

export const seedOf = (name: string): Bytes => hashOf(utf8(name))
export const agreementKeyOf = async (name: string): Promise<AgreementJwk> =>
  (await deriveAgreementPair({ subtle }, seedOf(name))).publicKey

/** A device with its keys. */
export type Device = { readonly id: DeviceId; readonly public: MemberDevice; readonly signingKey: CryptoKey }
export const createDevice = async (name: string): Promise<Device> => {
  const { publicKey, privateKey } = await signingPairOf(seedOf(`device ${name}`))
  const id = await deviceIdOf(subtle, publicKey)
  const sealingKey = await agreementKeyOf(`sealing ${name}`)
  return { id, public: { device: id, signingKey: publicKey, sealingKey, name }, signingKey: privateKey }
}

/** An operation whose epoch the testkit fills in. */
export type Choice = MembershipOperation extends infer Operation
  ? Operation extends { readonly epoch: EpochStart }
    ? Omit<Operation, 'epoch'>
    : Operation
  : never

type Signing = {
  readonly by: Author
  readonly signingKey: CryptoKey
  /** Dummies for other boxes than the header names. */
  readonly wrongBoxes?: boolean
}

/** Signs an item on the newest state of a log: epoch and boxes are right. */
export const sign = async (log: MemoryLog, choice: Choice, { by, signingKey }: Signing): Promise<MembershipItem> => {
  const now = log.now()
  const account = 'account' in choice && typeof choice.account === 'object' ? choice.account : undefined
  const known = choice.kind === 'account-advanced' && account ? now?.members.get(account.account) : undefined
  const state =
    known === undefined
      ? undefined
      : { ...known, items: known.accountItems, base: known.accountBase, generation: known.accountGeneration }
  const proved = account === undefined ? undefined : await verifyAccountProof(deps, account, state)
  const header = { version: 1, collection: log.collection, ...by, base: now?.base } as const
  const epoch = {
    keyHash: '0'.repeat(64),
    recipients: [],
    ...(now && { previousKey: toBase64Url(new Uint8Array(64)) }),
  }
  const draftOf = (operation: MembershipOperation) =>
    recipientsOfDraft(now, { header: { ...header, operation }, account: proved })
  let operation = (opensEpoch.has(choice.kind) ? { ...choice, epoch } : choice) as MembershipOperation
  if ('epoch' in operation)
    operation = {
      ...operation,
      epoch: { ...epoch, recipients: draftOf(operation).epoch.map(({ id }) => id) },
    } as typeof operation
  const boxes = draftOf(operation).boxes.map((recipient) => ({ recipient, sealed: new Uint8Array(113) }))
  return signMembership({ subtle, signingKey }, { ...header, operation }, boxes)
}
const opensEpoch = new Set([
  'account-created',
  'device-removed',
  'account-restored',
  'created',
  'invitation-withdrawn',
  'removed',
  'epoch',
])

/** Verifies, checks and appends. Throws when the item is refused. */
export const put = async (log: MemoryLog, item: MembershipItem): Promise<MembershipItem> => {
  const reason = await judge(log, item)
  if (reason !== 'ok') throw new Error(`${item.header.operation.kind}: ${reason}`)
  const verified = await verifyItem(deps, item, { now: log.now(), length: log.length() })
  if (verified.kind === 'never' || verified.kind === 'wait') throw new Error('not verified')
  log.append(verified, await nextChain({ subtle }, log.chainAt(log.length()), item.id))
  return item
}

/** `ok`, or the reason why the item is refused. */
export const judge = async (log: MemoryLog, item: MembershipItem): Promise<string> => {
  const verified = await verifyItem(deps, item, { now: log.now(), length: log.length() })
  if (verified.kind === 'never' || verified.kind === 'wait') return verified.reason
  const verdict: Verdict = log.check(verified)
  return verdict.kind === 'ok' ? 'ok' : verdict.reason
}

export const home = async () => ({
  key: (await signingPairOf(seedOf('relay'))).publicKey,
  addresses: ['wss://relay.example'],
})

/** An account with its personal collection. */
export const createAccount = async (name: string) => {
  const root = await signingPairOf(seedOf(`root ${name}`))
  const account = await accountIdOf(subtle, root.publicKey)
  const device = await createDevice(`${name}1`)
  const log = createMemoryLog({ collection: personalCollectionId(account) })
  const items: MembershipItem[] = []
  const agreementKey = await agreementKeyOf(`licenses ${name}`)
  const deviceLogEntry = await signDeviceLogEntry(root.privateKey, {
    v: 1,
    kind: 'account-created',
    rootKey: root.publicKey,
    device: { signingKey: device.public.signingKey, agreementKey, name },
    at: 0,
  })
  const created: Choice = {
    kind: 'account-created',
    deviceLogEntry,
    device: device.public,
    agreementKey: await agreementKeyOf(`account ${name}`),
    recoveryKey: await agreementKeyOf(`recovery ${name}`),
    home: await home(),
  }
  const by = ({ id }: Device): Author => ({ account, device: id })
  const change = async (choice: Choice, own: Device, signingKey = own.signingKey): Promise<MembershipItem> => {
    const item = await put(log, await sign(log, choice, { by: by(own), signingKey }))
    items.push(item)
    return item
  }
  await change(created, device)
  const proof = (from = 0): AccountProof => ({
    account,
    items: items.slice(from).map((item) => toBase64Url(writeProofItem(item))),
  })
  return { name, account, root, device, log, items, by, change, proof }
}
export type Account = Awaited<ReturnType<typeof createAccount>>

/** A shared collection of an account. */
export const createShared = async ({ device, by, proof }: Account): Promise<MemoryLog> => {
  const nonce = seedOf('nonce').slice(0, 16)
  const log = createMemoryLog({ collection: sharedCollectionId(device.id, nonce) })
  const created: Choice = { kind: 'created', nonce: toBase64Url(nonce), account: proof(), home: await home() }
  await put(log, await sign(log, created, { by: by(device), signingKey: device.signingKey }))
  return log
}

/** The keys of a link, and the operation that invites with it. */
export const createLink = async (name: string) => {
  const keys = await invitationKeys({ subtle }, seedOf(name))
  const operation: Choice = {
    kind: 'invited',
    invitation: keys.sealing.publicKey,
    proofKey: keys.proof.publicKey,
    role: 'editor',
    expiresAt: 1000,
    joinBox: true,
  }
  return { keys, operation }
}

/** The proof of a redemption, by the link's key. */
export const proveRedemption = (signingKey: CryptoKey, redemption: Redemption): Promise<string> =>
  signRedemption({ subtle, signingKey }, redemption)

export type { CollectionId, SigningJwk }
