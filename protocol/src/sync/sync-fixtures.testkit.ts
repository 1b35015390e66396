import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { concat, toBase64Url, toHex, uint, utf8, type Bytes } from '../bytes.ts'
import type { SigningJwk } from '../device-log.ts'
import { counting, signingPairOf } from '../vectors.testkit.ts'
import type { UnsealedHeader } from './codec/envelope-codec.ts'
import type { ConfirmationHeader } from './confirmation.ts'
import type { UnsealedSnapshot } from './codec/snapshot-codec.ts'
import { keyIdOf } from './keys/agreement-key.ts'
import { hashOf } from './sync-hash.ts'
import {
  parseChainHash,
  parseCollectionId,
  parseDocumentId,
  parseEpochId,
  parseFeedId,
  parseItemId,
  syncIdOfBytes,
} from './sync-ids.ts'
import { agreementPublic } from '../vectors.testkit.ts'
import type { MembershipHeader } from './membership.ts'

// Fixed inputs of the tests and vectors of the sync formats. The keys are public: never use them elsewhere.

/** The id of 32 bytes that are all `byte`. */
const idOf = (byte: number): string => syncIdOfBytes(new Uint8Array(32).fill(byte))

export const collection = parseCollectionId(idOf(1))
export const document = parseDocumentId(idOf(2))
export const account = parseAccountId(idOf(3))
export const device = parseDeviceId(idOf(4))
export const feed = parseFeedId(idOf(5))
export const epoch = parseEpochId(idOf(6))
export const chain = parseChainHash(idOf(7))
export const itemIds = [8, 9, 10, 11].map((byte) => parseItemId(idOf(byte)))
export const epochKey = counting(32, 200)

/** SHA-256 in counter mode from a seed: bytes without a pattern, the same every time. */
export const createRandom = (seed: string): ((bytes: number) => Bytes) => {
  let counter = 0
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => hashOf(utf8(seed), uint(counter++, 4)))
    return concat(...blocks).slice(0, length)
  }
}

export const signer = async (seed = counting(32, 64)) => {
  const pair = await signingPairOf(seed)
  return {
    signer: { subtle: globalThis.crypto.subtle, signingKey: pair.privateKey },
    key: pair.publicKey satisfies SigningJwk,
  }
}

/** A header before its body is sealed, with this many deps and changes. */
export const unsealedHeader = (
  counts: { deps: number; changes: number } = { deps: 2, changes: 3 },
): UnsealedHeader => ({
  version: 1,
  schemaVersion: 7,
  collection,
  document,
  account,
  device,
  feed,
  number: 12,
  prev: itemIds[0],
  seen: { seq: 1_000_000, chain },
  deps: Array.from({ length: counts.deps }, (_, index) =>
    parseItemId(syncIdOfBytes(hashOf(utf8('dep'), uint(index, 4)))),
  ).toSorted(),
  epoch,
  changeHashes: Array.from({ length: counts.changes }, (_, index) => toHex(hashOf(uint(index, 4)).subarray(0, 16))),
  salt: counting(16, 16),
})

export const unsealedSnapshot: UnsealedSnapshot = {
  version: 1,
  schemaVersion: 7,
  collection,
  document,
  account,
  device,
  place: { seq: 77, chain },
  voids: itemIds.slice(0, 2).toSorted(),
  epoch,
  salt: counting(16, 32),
}

export const confirmationHeader: ConfirmationHeader = {
  version: 1,
  collection,
  account,
  device,
  snapshot: itemIds[0]!,
}

const relay = await signingPairOf(counting(32, 96))
export const relayKey = relay.publicKey
export const relaySigner = { subtle: globalThis.crypto.subtle, signingKey: relay.privateKey }
export const home = { key: relayKey, addresses: ['wss://relay.example/sync', 'wss://rélais.example/sync'] }
export const memberDevice = {
  device,
  signingKey: (await signer()).key,
  sealingKey: agreementPublic,
  name: 'Küche 🎧',
}
export const epochStart = {
  keyHash: toHex(hashOf(epochKey)),
  recipients: [keyIdOf(agreementPublic)],
  previousKey: toBase64Url(counting(64)),
}
export const box = { recipient: keyIdOf(agreementPublic), sealed: counting(113) }
const accountProof = { account, items: ['AAAA', 'AQEB'] }

/** One operation of each kind. */
export const operations: readonly MembershipHeader['operation'][] = [
  {
    kind: 'account-created',
    deviceLogEntry: 'abc.def.ghi',
    device: memberDevice,
    agreementKey: agreementPublic,
    recoveryKey: agreementPublic,
    home,
    epoch: { keyHash: epochStart.keyHash, recipients: epochStart.recipients },
  },
  { kind: 'device-added', device: memberDevice, joinBox: true },
  { kind: 'device-removed', device, agreementKey: agreementPublic, epoch: epochStart },
  {
    kind: 'account-restored',
    device: memberDevice,
    removes: [device],
    agreementKey: agreementPublic,
    epoch: epochStart,
  },
  { kind: 'created', nonce: toBase64Url(counting(16)), account: accountProof, home, epoch: epochStart },
  {
    kind: 'invited',
    invitation: agreementPublic,
    proofKey: relayKey,
    role: 'editor',
    expiresAt: 1_800_000_000_000,
    joinBox: true,
  },
  { kind: 'invitation-withdrawn', invitation: box.recipient, epoch: epochStart },
  {
    kind: 'redeemed',
    invitation: box.recipient,
    account: accountProof,
    proof: toBase64Url(counting(64)),
    joinBox: true,
  },
  { kind: 'role', account, role: 'viewer' },
  { kind: 'removed', account, epoch: epochStart },
  { kind: 'left' },
  { kind: 'account-advanced', account: accountProof },
  { kind: 'epoch', expired: [box.recipient], epoch: epochStart },
  { kind: 're-homed', generation: 2, keeps: { seq: 40, chain }, home },
]

export const membershipHeader = (operation: MembershipHeader['operation']): Omit<MembershipHeader, 'boxesHash'> => ({
  version: 1,
  collection,
  account,
  device,
  base: itemIds[1],
  operation,
})
