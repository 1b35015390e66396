import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { toBase64Url, toHex, utf8, type Bytes } from '../../bytes.ts'
import type { AgreementJwk, SigningJwk } from '../../device-log.ts'
import { newFeedId, personalCollectionId, sharedCollectionId } from '../derived-ids.ts'
import type { EnvelopeHeader } from '../envelope.ts'
import type { DeviceRecord, MembershipState, Verdict } from '../log-state.ts'
import type { EpochStart, MemberDevice, MembershipOperation, Role } from '../membership.ts'
import type { SnapshotHeader } from '../snapshot.ts'
import { hashOf } from '../sync-hash.ts'
import { parseChainHash, parseDocumentId, parseItemId, syncIdOfBytes, type ItemId } from '../sync-ids.ts'
import type { AccountState } from './account-log.ts'
import { foldAccount } from './account-log.ts'
import { recipientsOfDraft } from './draft-membership.ts'
import { createMemoryLog, recordOf, type MemoryLog } from './memory-log.ts'
import type { RelayKnowledge } from './relay-knowledge.ts'
import type { Author } from './rights.ts'
import type {
  VerifiedConfirmation,
  VerifiedEnvelope,
  VerifiedItem,
  VerifiedMembership,
  VerifiedSnapshot,
} from './verified-item.ts'
import { readRootKey } from './root-key.ts'

// Logs whose items count as verified: no signatures, ids are hashes of names. For tests of checks and fold, which are pure.

let counter = 0
/** 32 bytes that follow from a name. */
export const bytesOf = (name: string): Bytes => hashOf(utf8(name))
const idOf = (name: string): string => syncIdOfBytes(bytesOf(name))
/** A name that was not used before. */
const fresh = (name: string): string => `${name} ${(counter += 1)}`

export const itemId = (name: string): ItemId => parseItemId(idOf(name))
export const chainHash = (name: string) => parseChainHash(idOf(name))
export const signingKey = (name: string): SigningJwk => ({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(bytesOf(name)) })
export const agreementKey = (name: string): AgreementJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x: toBase64Url(bytesOf(`${name} x`)),
  y: toBase64Url(bytesOf(`${name} y`)),
})
export const accountId = (name: string): AccountId => parseAccountId(idOf(`account ${name}`))
export const deviceId = (name: string): DeviceId => parseDeviceId(idOf(`device ${name}`))
export const memberDevice = (name: string): MemberDevice => ({
  device: deviceId(name),
  signingKey: signingKey(name),
  sealingKey: agreementKey(`sealing ${name}`),
  name,
})

/** An entry of a device log that nobody signed, for `readRootKey`. */
const unsignedEntry = (account: string): string => {
  const device = { signingKey: signingKey('first'), agreementKey: agreementKey('first'), name: 'first' }
  const payload = { v: 1, kind: 'account-created', rootKey: signingKey(`root ${account}`), device, at: 0 }
  return `e30.${toBase64Url(utf8(JSON.stringify(payload)))}.AA`
}
export const rootKeyOf = (account: string): SigningJwk => readRootKey(unsignedEntry(account))

const home = { key: signingKey('relay'), addresses: ['wss://relay.example'] }
/** A home that is not the first one. */
export const otherHome = { key: signingKey('relay 2'), addresses: ['wss://other.example'] }
const noRecipients: EpochStart = { keyHash: '0'.repeat(64), recipients: [] }

/** Every operation, with what its author chooses; epochs are filled in. */
export type Choice = MembershipOperation extends infer Operation
  ? Operation extends { readonly epoch: EpochStart }
    ? Omit<Operation, 'epoch'> & { readonly epoch?: Partial<EpochStart> }
    : Operation
  : never

export const author = (account: string, device: string): Author => ({
  account: accountId(account),
  device: deviceId(device),
})

type Options = {
  readonly by: Author
  readonly base?: ItemId | undefined
  readonly boxes?: readonly string[]
  readonly account?: AccountState | undefined
  readonly id?: string
}

/** A membership item made on the newest state of the log, right unless the options say otherwise. */
export const membership = (log: MemoryLog, choice: Choice, options: Options): VerifiedMembership => {
  const now = log.now()
  const operation = withEpoch(choice, now)
  const header = {
    version: 1,
    collection: log.collection,
    account: options.by.account,
    device: options.by.device,
    base: 'base' in options ? options.base : now?.base,
    operation,
  } as const
  const draft = attempt(() => recipientsOfDraft(now, { header, account: options.account }))
  const filled = fillEpoch(operation, choice, draft?.epoch.map(({ id }) => id) ?? [])
  const boxes = attempt(
    () => recipientsOfDraft(now, { header: { ...header, operation: filled }, account: options.account }).boxes,
  )
  return {
    kind: 'membership',
    id: itemId(options.id ?? fresh(operation.kind)),
    header: { ...header, operation: filled, boxesHash: '0'.repeat(64) },
    boxRecipients: options.boxes ?? boxes ?? [],
    account: options.account,
  }
}

/** The fold throws on operations that the checks refuse; a test of such an operation needs no recipients. */
const attempt = <Value>(make: () => Value): Value | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
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
const withEpoch = (choice: Choice, now: MembershipState | undefined): MembershipOperation => {
  if (!opensEpoch.has(choice.kind)) return choice as MembershipOperation
  const previousKey = now === undefined ? {} : { previousKey: 'AAAA' }
  return { ...choice, epoch: { ...noRecipients, ...previousKey } } as MembershipOperation
}

const fillEpoch = (operation: MembershipOperation, choice: Choice, recipients: readonly string[]) => {
  if (!('epoch' in operation)) return operation
  const chosen = 'epoch' in choice ? choice.epoch : undefined
  return { ...operation, epoch: { ...operation.epoch, recipients, ...chosen } }
}

/** An account with its personal collection. */
export type FakeAccount = {
  readonly name: string
  readonly account: AccountId
  readonly log: MemoryLog
  /** By this device of the account. */
  readonly by: (device: string) => Author
  readonly add: (device: string, by: string) => void
  readonly remove: (device: string, by: string) => void
  readonly restore: (device: string, removes: readonly string[]) => void
  /** The proof of all items behind `known`, verified: what `verifyAccountProof` would give. */
  readonly proof: (known?: number) => AccountState
}

/** Checks, appends and returns the item. Throws when the log refuses it. */
export const put = (log: MemoryLog, item: VerifiedItem): VerifiedItem => {
  const verdict = log.check(item)
  if (verdict.kind !== 'ok') throw new Error(`${item.kind} ${JSON.stringify(verdict)}`)
  append(log, item)
  return item
}

/** Appends without asking. */
export const append = (log: MemoryLog, item: VerifiedItem): number =>
  log.append(item, parseChainHash(syncIdOfBytes(hashOf(utf8(log.chainAt(log.length())), utf8(item.id)))))

export const createAccount = (name: string, device = `${name}1`): FakeAccount => {
  const account = accountId(name)
  const log = createMemoryLog({ collection: personalCollectionId(account) })
  const items: VerifiedMembership[] = []
  const by = (own: string): Author => author(name, own)
  const put2 = (choice: Choice, own: string): void =>
    void items.push(put(log, membership(log, choice, { by: by(own) })) as VerifiedMembership)
  const first = { kind: 'account-created', deviceLogEntry: unsignedEntry(name), device: memberDevice(device) } as const
  const keys = { agreementKey: agreementKey(fresh(name)), recoveryKey: agreementKey(`recovery ${name}`) }
  put2({ ...first, ...keys, home }, device)
  const fold = (known: number): AccountState => {
    let state: AccountState | undefined
    for (const [index, item] of items.entries()) {
      if (index === known && state !== undefined)
        state = { ...state, devices: new Map([...state.devices].map(([id, own]) => [id, { ...own, since: 0 }])) }
      state = foldAccount(state, item, index + 1)
    }
    return state!
  }
  return {
    name,
    account,
    log,
    by,
    add: (added, own) => put2({ kind: 'device-added', device: memberDevice(added), joinBox: true }, own),
    remove: (removed, own) =>
      put2({ kind: 'device-removed', device: deviceId(removed), agreementKey: agreementKey(fresh(name)) }, own),
    restore: (added, removes) => {
      const operation = {
        kind: 'account-restored',
        device: memberDevice(added),
        removes: removes.map(deviceId),
      } as const
      put2({ ...operation, agreementKey: agreementKey(fresh(name)) }, added)
    },
    proof: (known = 0) => fold(known),
  }
}

/** A shared collection of `owner`, by his first device. */
export const createShared = (
  owner: FakeAccount,
  pendingEnvelope?: (id: ItemId) => DeviceRecord | undefined,
): MemoryLog => {
  const by = owner.by(`${owner.name}1`)
  const nonce = bytesOf(fresh('nonce')).subarray(0, 16)
  const log = createMemoryLog({ collection: sharedCollectionId(by.device, nonce), pendingEnvelope })
  const account = { account: owner.account, items: [] }
  put(
    log,
    membership(log, { kind: 'created', nonce: toBase64Url(nonce), account, home }, { by, account: owner.proof() }),
  )
  return log
}

/** Invites an editor. The key of the invitation has this name. */
export const invite = (log: MemoryLog, by: Author, name: string): VerifiedItem =>
  put(log, membership(log, invitation(name, 'editor'), { by }))
export const invitation = (name: string, role: Role): Choice => ({
  kind: 'invited',
  invitation: agreementKey(name),
  proofKey: signingKey(name),
  role,
  expiresAt: 1000,
  joinBox: true,
})

/** Lets an account redeem an invitation, by its first device. */
export const redemption = (log: MemoryLog, who: FakeAccount, invitationKeyId: string): VerifiedMembership =>
  redemptionBy(log, who, { invitationKeyId, device: `${who.name}1` })
export const redemptionBy = (
  log: MemoryLog,
  who: FakeAccount,
  { invitationKeyId, device }: { readonly invitationKeyId: string; readonly device: string },
): VerifiedMembership =>
  membership(
    log,
    {
      kind: 'redeemed',
      invitation: invitationKeyId,
      account: { account: who.account, items: [] },
      proof: '',
      joinBox: true,
    },
    { by: who.by(device), account: who.proof() },
  )

/** What brings the log up to date with an account. */
export const advance = (log: MemoryLog, who: FakeAccount, by: Author): VerifiedMembership =>
  membership(
    log,
    { kind: 'account-advanced', account: { account: who.account, items: [] } },
    { by, account: who.proof(log.now()?.members.get(who.account)?.accountItems ?? 0) },
  )

/** An envelope made at the end of the log (or at the place `seen`), the next of its device; right unless the overrides say otherwise. */
export const envelope = (
  log: MemoryLog,
  by: Author,
  { seen = log.length(), ...overrides }: EnvelopeOptions = {},
): VerifiedEnvelope => {
  const salt = bytesOf(fresh('salt')).subarray(0, 16)
  const last = 'last' in overrides ? overrides.last : log.lastOfDevice(by.device)
  const isNew = last === undefined || overrides.newFeed === true
  const header: EnvelopeHeader = {
    version: 1,
    schemaVersion: 1,
    collection: log.collection,
    document: parseDocumentId(idOf('document')),
    ...by,
    feed: isNew ? newFeedId({ random: () => salt }, by.device, last?.id) : last.feed,
    number: isNew ? 1 : last.number + 1,
    prev: last?.id,
    seen: { seq: seen, chain: log.chainAt(seen) },
    deps: [],
    epoch: log.stateAt(seen)?.epoch ?? ('' as never),
    changeHashes: [toHex(bytesOf('change')).slice(0, 32)],
    salt,
    bodyBytes: 100,
    bodyHash: '0'.repeat(64),
    ...overrides.header,
  }
  return { kind: 'envelope', id: itemId(fresh('envelope')), header }
}
type EnvelopeOptions = {
  readonly seen?: number
  readonly last?: DeviceRecord | undefined
  readonly newFeed?: boolean
  readonly header?: Partial<EnvelopeHeader>
}
export { recordOf }

/** A snapshot at the end of the log, or at a place. */
export const snapshot = (
  log: MemoryLog,
  by: Author,
  { place = log.length(), ...overrides }: { readonly place?: number } & Partial<Omit<SnapshotHeader, 'place'>> = {},
): VerifiedSnapshot => ({
  kind: 'snapshot',
  id: itemId(fresh('snapshot')),
  header: {
    version: 1,
    schemaVersion: 1,
    collection: log.collection,
    document: parseDocumentId(idOf('document')),
    ...by,
    place: { seq: place, chain: log.chainAt(place) },
    voids: [],
    epoch: log.stateAt(place)?.epoch ?? ('' as never),
    salt: bytesOf('salt').subarray(0, 16),
    parts: [{ bytes: 10, hash: '0'.repeat(64) }],
    ...overrides,
  },
})

/** A confirmation of a snapshot. */
export const confirmation = (log: MemoryLog, by: Author, snapshot: ItemId): VerifiedConfirmation => ({
  kind: 'confirmation',
  id: itemId(fresh('confirmation')),
  header: { version: 1, collection: log.collection, ...by, snapshot },
})

/** `ok`, or the reason against the item. */
export const verdictOf = (log: MemoryLog, item: VerifiedItem, knowledge?: RelayKnowledge): string =>
  describe(log.check(item, knowledge))
export const describe = (verdict: Verdict): string => (verdict.kind === 'ok' ? 'ok' : verdict.reason)

/** A relay that keeps the logs of these accounts. */
export const knowing = (accounts: readonly FakeAccount[], now = 0): RelayKnowledge => ({
  now,
  accountLog: (account) => {
    const log = accounts.find((one) => one.account === account)?.log
    const state = log?.now()
    return log === undefined || state === undefined
      ? undefined
      : { state, isLogged: (id) => log.seqOf(id) !== undefined }
  },
})
