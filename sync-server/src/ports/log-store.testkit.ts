import { createHash, randomBytes } from 'node:crypto'
import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { toBase32, toHex, utf8, type Bytes } from '@tonestead/protocol/bytes'
import type { MembershipState, Verdict } from '@tonestead/protocol/sync/log-state'
import {
  parseChainHash,
  parseCollectionId,
  parseDocumentId,
  parseEpochId,
  parseFeedId,
  parseItemId,
  type ChainHash,
  type CollectionId,
  type FeedId,
  type ItemId,
} from '@tonestead/protocol/sync/sync-ids'
import type { LogRules, SignedItem } from './log-rules.ts'

// Short rules and unsigned items for tests of stores: strict about everything that a store must answer.

const anyId = (): string => toBase32(randomBytes(32))
const sha256 = (...parts: readonly string[]): string => toBase32(createHash('sha256').update(parts.join('|')).digest())
const never = (reason: 'seen-off-chain' | 'number-taken' | 'prev-wrong' | 'no-right' | 'base-moved'): Verdict => ({
  kind: 'never',
  reason,
})

/** Rules in which an item keeps the names it has in the design: `seen` on the chain, number, prev and deps, membership by base. */
export const testRules: LogRules = {
  neededFor: ({ content }) =>
    content.kind === 'envelope'
      ? {
          seq: content.header.seen.seq,
          device: content.header.device,
          ids: [...content.header.deps, ...(content.header.prev === undefined ? [] : [content.header.prev])],
        }
      : {
          seq:
            content.kind === 'snapshot'
              ? content.header.place.seq
              : content.header.operation.kind === 're-homed'
                ? content.header.operation.keeps.seq
                : undefined,
          device: content.header.device,
          ids: [],
        },
  check: (log, { content, accounts }) => {
    const gone = [...accounts.values()].some((personal) => log.stateOf(personal)?.isStale === true)
    if (gone) return never('no-right')
    if (content.kind === 'snapshot') return { kind: 'ok' }
    if (content.kind === 'membership') {
      const { base, operation } = content.header
      if (operation.kind === 're-homed')
        return log.chainAt(operation.keeps.seq) === operation.keeps.chain ? { kind: 'ok' } : never('seen-off-chain')
      return base === log.now?.base ? { kind: 'ok' } : never('base-moved')
    }
    const { seen, device, number, prev, feed, deps } = content.header
    if (seen.seq > log.length) return { kind: 'wait', reason: 'seen-ahead' }
    if (log.chainAt(seen.seq) !== seen.chain) return never('seen-off-chain')
    if (log.stateAt(seen.seq) === undefined || log.now === undefined) return never('no-right')
    const last = log.lastOfDevice(device)
    const expected = last?.feed === feed ? last.number + 1 : 1
    if (number < expected) return never('number-taken')
    if (number > expected) return { kind: 'wait', reason: 'number-gap' }
    if (prev !== last?.id || (prev !== undefined && !log.isLogged(prev))) return never('prev-wrong')
    return deps.every(log.isLogged) ? { kind: 'ok' } : { kind: 'wait', reason: 'dep-missing' }
  },
  fold: (state, verified, seq) => foldTest(state, verified as TestMembership, seq),
  firstChain: (collection) => parseChainHash(sha256('chain', collection)),
  nextChain: (chain, id) => parseChainHash(sha256(chain, id)),
  writeState: (state) =>
    JSON.stringify({
      ...state,
      invitations: [],
      members: [...state.members].map(([account, member]) => [account, { ...member, devices: [...member.devices] }]),
    }),
  readState: (text) => {
    const read = JSON.parse(text) as MembershipState & { members: [AccountId, { devices: [] }][] }
    const members = read.members.map(([account, member]) => [account, { ...member, devices: new Map(member.devices) }])
    return {
      ...read,
      invitations: new Map(),
      members: new Map(members as []),
      epoch: undefined,
      recoveryKey: undefined,
    }
  },
}

/** What the fold of the test rules needs. */
type TestMembership = {
  readonly id: ItemId
  readonly account: AccountId
  readonly devices: readonly DeviceId[]
  readonly isStale: boolean
}

const foldTest = (before: MembershipState | undefined, next: TestMembership, seq: number): MembershipState => {
  const signingKey = { kty: 'OKP', crv: 'Ed25519', x: 'x' } as const
  const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const
  const devices = next.devices.map(
    (device) => [device, { device, signingKey, sealingKey: key, name: 'Kitchen', since: seq }] as const,
  )
  const member = {
    account: next.account,
    role: 'owner',
    since: seq,
    devices: new Map(devices),
    agreementKey: key,
    accountItems: 1,
    accountBase: next.id,
  } as const
  return {
    kind: 'personal',
    members: new Map([[next.account, member]]),
    invitations: new Map(),
    base: next.id,
    count: (before?.count ?? 0) + 1,
    epoch: undefined,
    isStale: next.isStale,
    home: { key: signingKey, addresses: [] },
    generation: 0,
    recoveryKey: undefined,
  }
}

/** A place that an item names. */
export type TestPlace = { readonly seq: number; readonly chain: ChainHash }

const signedItem = (content: SignedItem['content'], collection: CollectionId, id: ItemId, size = 200): SignedItem => ({
  collection,
  id,
  bytes: new Uint8Array([...utf8(id), ...randomBytes(size)]),
  content,
  at: 1_700_000_000_000,
  accounts: new Map(),
})

/** A membership item that sets the devices of the collection's only account. */
export const testMembership = (options: {
  readonly collection: CollectionId
  readonly base: ItemId | undefined
  readonly devices: readonly DeviceId[]
  readonly keeps?: TestPlace
  readonly isStale?: boolean
}): SignedItem => {
  const id = parseItemId(anyId())
  const account = parseAccountId(options.collection)
  const verified: TestMembership = { id, account, devices: options.devices, isStale: options.isStale ?? false }
  const home = { key: { kty: 'OKP', crv: 'Ed25519', x: 'x' }, addresses: [] } as const
  const header = {
    version: 1,
    collection: options.collection,
    account,
    device: options.devices[0] ?? parseDeviceId(anyId()),
    base: options.base,
    operation:
      options.keeps === undefined
        ? { kind: 'left' as const }
        : { kind: 're-homed' as const, generation: 1, keeps: options.keeps, home },
    boxesHash: '',
  } as const
  return signedItem({ kind: 'membership', header, verified }, options.collection, id)
}

/** An envelope; without `feed` the first of a new one. */
export const testEnvelope = (options: {
  readonly collection: CollectionId
  readonly device: DeviceId
  readonly seen: TestPlace
  readonly feed?: FeedId
  readonly number?: number
  readonly prev?: ItemId | undefined
  readonly deps?: readonly ItemId[]
  readonly size?: number
}): SignedItem & { readonly feed: FeedId } => {
  const feed = options.feed ?? parseFeedId(anyId())
  const header = {
    version: 1,
    schemaVersion: 1,
    collection: options.collection,
    document: parseDocumentId(anyId()),
    account: parseAccountId(options.collection),
    device: options.device,
    feed,
    number: options.number ?? 1,
    prev: options.prev,
    seen: options.seen,
    deps: options.deps ?? [],
    epoch: parseEpochId(anyId()),
    changeHashes: [],
    salt: new Uint8Array(16),
    bodyBytes: 0,
    bodyHash: '',
  } as const
  return { ...signedItem({ kind: 'envelope', header }, options.collection, parseItemId(anyId()), options.size), feed }
}

/** A snapshot with one part of these bytes. */
export const testSnapshot = (options: {
  readonly collection: CollectionId
  readonly device: DeviceId
  readonly place: TestPlace
  readonly part: Bytes
}): SignedItem & { readonly hash: string } => {
  const hash = toHex(createHash('sha256').update(options.part).digest())
  const header = {
    version: 1,
    schemaVersion: 1,
    collection: options.collection,
    document: parseDocumentId(anyId()),
    account: parseAccountId(options.collection),
    device: options.device,
    place: options.place,
    voids: [],
    epoch: parseEpochId(anyId()),
    salt: new Uint8Array(16),
    parts: [{ bytes: options.part.length, hash }],
  } as const
  return { ...signedItem({ kind: 'snapshot', header }, options.collection, parseItemId(anyId())), hash }
}

export const newCollection = (): CollectionId => parseCollectionId(anyId())
export const newDevice = (): DeviceId => parseDeviceId(anyId())
export const newAccount = (): AccountId => parseAccountId(anyId())
