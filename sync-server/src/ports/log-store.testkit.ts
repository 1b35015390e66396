import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { toBase32, toHex, utf8, type Bytes } from '@tonestead/protocol/bytes'
import { firstChain } from '@tonestead/protocol/sync/derived-ids'
import type { MembershipState, Verdict } from '@tonestead/protocol/sync/log-state'
import { namedPlaceOf } from '@tonestead/protocol/sync/log/check-item'
import { readState, writeState } from '@tonestead/protocol/sync/log/state-codec'
import type { VerifiedItem, VerifiedMembership } from '@tonestead/protocol/sync/log/verified-item'
import {
  parseChainHash,
  parseCollectionId,
  parseDocumentId,
  parseEpochId,
  parseFeedId,
  parseItemId,
  type ChainHash,
  type CollectionId,
  type DocumentId,
  type FeedId,
  type ItemId,
} from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules, SignedItem } from './log-rules.ts'

// Short rules and unsigned items for tests of stores: strict about everything that a store must answer.

const ok: Verdict = { kind: 'ok' }
const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
const signingKey = { kty: 'OKP', crv: 'Ed25519', x } as const
const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const
const home = { key: signingKey, addresses: ['wss://relay.example'] }
const anyId = (): string => toBase32(randomBytes(32))
const sha256 = (...parts: readonly string[]): string => toBase32(createHash('sha256').update(parts.join('|')).digest())
const never = (
  reason: 'seen-off-chain' | 'number-taken' | 'prev-wrong' | 'no-right' | 'base-moved' | 'malformed',
): Verdict => ({
  kind: 'never',
  reason,
})

/** Rules in which an item keeps the names it has in the design: `seen` on the chain, number, prev and deps, membership by base. */
export const testRules: LogRules = {
  neededFor: (item) => ({
    seq: namedPlaceOf(item),
    device: item.header.device,
    ids: idsNamedBy(item),
    others: [otherOf(item)],
    elsewhere:
      item.kind === 'snapshot' ? { collection: otherOf(item), id: item.header.voids[0] ?? item.id } : undefined,
  }),
  check: (log, { item }) => {
    if (log.stateOf(otherOf(item))?.isStale === true) return never('no-right')
    if (item.kind === 'snapshot')
      return item.header.voids.every((id) => log.isLoggedIn(otherOf(item), id)) ? ok : never('malformed')
    if (item.kind === 'confirmation') return log.isLogged(item.header.snapshot) ? ok : never('malformed')
    if (item.kind === 'membership') return checkTestMembership(log, item)
    const { seen, device, number, prev, feed, deps } = item.header
    if (seen.seq > log.length) return { kind: 'wait', reason: 'seen-ahead' }
    if (log.chainAt(seen.seq) !== seen.chain) return never('seen-off-chain')
    if (log.stateAt(seen.seq) === undefined || log.now === undefined) return never('no-right')
    const last = log.lastOfDevice(device)
    const expected = last?.feed === feed ? last.number + 1 : 1
    if (number < expected) return never('number-taken')
    if (number > expected) return { kind: 'wait', reason: 'number-gap' }
    if (prev !== last?.id || (prev !== undefined && !log.isLogged(prev))) return never('prev-wrong')
    return deps.every(log.isLogged) ? ok : { kind: 'wait', reason: 'dep-missing' }
  },
  fold: (state, verified, seq) => foldTest(state, verified, seq),
  firstChain,
  nextChain: (chain, id) => parseChainHash(sha256(chain, id)),
  writeState,
  readState,
  // The id alone, as `signed` writes it.
  withoutBody: (bytes) => bytes.slice(0, 52),
}

const idsNamedBy = (item: VerifiedItem): readonly ItemId[] => {
  if (item.kind === 'confirmation') return [item.header.snapshot]
  if (item.kind !== 'envelope') return []
  return [...item.header.deps, ...(item.header.prev === undefined ? [] : [item.header.prev])]
}

const checkTestMembership = (log: LogReads, { header: { base, operation } }: VerifiedMembership): Verdict => {
  if (base !== log.now?.base) return never('base-moved')
  if (operation.kind !== 're-homed') return ok
  const { seq, chain } = operation.keeps
  return seq === log.length && log.chainAt(seq) === chain && log.chain === chain ? ok : never('seen-off-chain')
}

/** In the test rules the account id of an author is the id of another collection. */
const otherOf = ({ header }: VerifiedItem): CollectionId => parseCollectionId(header.account)

/** The account of a membership item after it; a removed device makes the collection stale. */
const foldTest = (before: MembershipState | undefined, verified: VerifiedMembership, seq: number): MembershipState => {
  const { id, header, account } = verified
  const devices = account?.devices ?? new Map()
  const member = {
    account: header.account,
    role: 'owner',
    since: seq,
    ownerSince: seq,
    devices,
    rootKey: signingKey,
    agreementKey: key,
    accountItems: 1,
    accountBase: id,
    accountGeneration: 0,
  } as const
  return {
    kind: 'personal',
    members: new Map([[header.account, member]]),
    invitations: new Map(),
    base: id,
    count: (before?.count ?? 0) + 1,
    epoch: parseEpochId(id),
    isStale: devices.size === 0,
    home,
    generation: 0,
    recoveryKey: undefined,
  }
}

/** A place that an item names. */
export type TestPlace = { readonly seq: number; readonly chain: ChainHash }

const signed = (item: VerifiedItem, size = 200): SignedItem => ({
  collection: item.header.collection,
  id: item.id,
  bytes: new Uint8Array([...utf8(item.id), ...randomBytes(size)]),
  item,
  at: 1_700_000_000_000,
})

/** A membership item that sets the devices of the collection's only account. */
export const testMembership = (options: {
  readonly collection: CollectionId
  readonly base: ItemId | undefined
  readonly devices: readonly DeviceId[]
  readonly keeps?: TestPlace
}): SignedItem => {
  const id = parseItemId(anyId())
  const account = newAccount()
  const { keeps } = options
  const devices = options.devices.map(
    (device) => [device, { device, signingKey, sealingKey: key, name: 'Kitchen', since: 1 }] as const,
  )
  return signed({
    kind: 'membership',
    id,
    header: {
      version: 1,
      collection: options.collection,
      account,
      device: newDevice(),
      base: options.base,
      operation: keeps === undefined ? { kind: 'left' } : { kind: 're-homed', generation: 1, keeps, home },
      boxesHash: '',
    },
    boxRecipients: [],
    // Only its devices are read.
    account: { devices: new Map(devices) } as unknown as VerifiedMembership['account'],
  })
}

type Written = {
  readonly collection: CollectionId
  readonly device: DeviceId
  /** The id of another collection. */
  readonly other?: CollectionId
  readonly document?: DocumentId
}

const headerOf = ({ collection, device, other, document }: Written) =>
  ({
    version: 1,
    schemaVersion: 1,
    collection,
    document: document ?? newDocument(),
    account: parseAccountId(other ?? anyId()),
    device,
    epoch: parseEpochId(anyId()),
    salt: new Uint8Array(16),
  }) as const

/** An envelope; without `feed` the first of a new one. */
export const testEnvelope = (
  options: Written & {
    readonly seen: TestPlace
    readonly feed?: FeedId
    readonly number?: number
    readonly prev?: ItemId | undefined
    readonly deps?: readonly ItemId[]
    readonly size?: number
  },
): SignedItem & { readonly feed: FeedId } => {
  const feed = options.feed ?? parseFeedId(anyId())
  const header = {
    ...headerOf(options),
    feed,
    number: options.number ?? 1,
    prev: options.prev,
    seen: options.seen,
    deps: options.deps ?? [],
    changeHashes: [],
    bodyBytes: 0,
    bodyHash: '',
  } as const
  return { ...signed({ kind: 'envelope', id: parseItemId(anyId()), header }, options.size), feed }
}

/** A snapshot with one part of these bytes. `voids`: in the test rules items of `other`. */
export const testSnapshot = (
  options: Written & { readonly place: TestPlace; readonly part: Bytes; readonly voids?: readonly ItemId[] },
): SignedItem & { readonly hash: string } => {
  const hash = toHex(createHash('sha256').update(options.part).digest())
  const header = {
    ...headerOf(options),
    place: options.place,
    voids: options.voids ?? [],
    parts: [{ bytes: options.part.length, hash }],
  }
  return { ...signed({ kind: 'snapshot', id: parseItemId(anyId()), header }), hash }
}

/** A confirmation of a snapshot. */
export const testConfirmation = ({ collection, device }: Written, snapshot: ItemId): SignedItem => {
  const header = { version: 1, collection, account: newAccount(), device, snapshot } as const
  return signed({ kind: 'confirmation', id: parseItemId(anyId()), header })
}

export const newDocument = (): DocumentId => parseDocumentId(anyId())
export const newCollection = (): CollectionId => parseCollectionId(anyId())
export const newDevice = (): DeviceId => parseDeviceId(anyId())
export const newAccount = (): AccountId => parseAccountId(anyId())
