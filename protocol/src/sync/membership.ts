import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '../bytes.ts'
import type { AgreementJwk, SigningJwk } from '../device-log.ts'
import type { ChainHash, CollectionId, ItemId } from './sync-ids.ts'

// Membership items: who belongs to a collection, with which role, and which keys are current.

/** What a member may do. A viewer reads; an editor also writes; an owner also changes the membership. */
export type Role = 'viewer' | 'editor' | 'owner'

/** A device as the log of its account knows it. `sealingKey`: P-256 (HPKE); epoch keys of the personal collection are sealed to it. */
export type MemberDevice = {
  readonly device: DeviceId
  readonly signingKey: SigningJwk
  readonly sealingKey: AgreementJwk
  readonly name: string
}

/**
 * The state of an account as other collections know it: number of its membership items, devices, current agreement key. It is proved by `items`: the
 * membership items of the personal collection (headers and signatures, base64url, without sealed keys) after the number that the collection already knows.
 */
export type AccountProof = { readonly account: AccountId; readonly items: readonly string[] }

/** Where the relay of a collection is: its signing key, which its receipts carry, and the addresses at which it was last known. */
export type HomeRelay = { readonly key: SigningJwk; readonly addresses: readonly string[] }

/**
 * The beginning of an epoch. `keyHash`: SHA-256 of the key (hexadecimal). `recipients`: for whom the key is sealed, in this order; exactly the members and
 * open invitations after the item: the ids of their keys. `previousKey`: the previous epoch's key under this one (AES-GCM, base64url);
 * absent in the first.
 * The sealed keys themselves are in the item's `boxes`.
 * `previousKey` is salt ‖ ciphertext, see `sealSecret` (64 bytes).
 */
export type EpochStart = {
  readonly keyHash: string
  readonly recipients: readonly string[]
  readonly previousKey?: string | undefined
}

/** The operations of a membership item. `epoch` is required where a reader is taken away and the author goes on; `joinBox` seals the current key to whoever joins. */
export type MembershipOperation =
  // The personal collection of an account: its members are the devices.
  | {
      readonly kind: 'account-created'
      /** The first entry of the account's device log (a compact JWS of the root key): proves the account id and the first device. */
      readonly deviceLogEntry: string
      readonly device: MemberDevice
      readonly agreementKey: AgreementJwk
      /** P-256 key derived from the recovery phrase; every epoch is sealed to it too. */
      readonly recoveryKey: AgreementJwk
      readonly home: HomeRelay
      readonly epoch: EpochStart
    }
  | { readonly kind: 'device-added'; readonly device: MemberDevice; readonly joinBox: true }
  | {
      readonly kind: 'device-removed'
      readonly device: DeviceId
      /** The account's new agreement key; its private part is sealed under the new epoch in the item's boxes. */
      readonly agreementKey: AgreementJwk
      readonly epoch: EpochStart
    }
  /** Signed by the root key: a device made from the recovery phrase replaces all devices that are named in `removes`. */
  | {
      readonly kind: 'account-restored'
      readonly device: MemberDevice
      readonly removes: readonly DeviceId[]
      readonly agreementKey: AgreementJwk
      readonly epoch: EpochStart
    }
  // A shared collection: its members are accounts.
  | {
      readonly kind: 'created'
      /** 16 random bytes, base64url: the collection id is derived from the creator and it. */
      readonly nonce: string
      readonly account: AccountProof
      readonly home: HomeRelay
      readonly epoch: EpochStart
    }
  | {
      readonly kind: 'invited'
      /** The link's one-time key for sealing: `joinBox` is sealed to it, and its id is the invitation's id. */
      readonly invitation: AgreementJwk
      /** The link's one-time key for signing: whoever redeems proves with it that he has the link. Both follow from the link's secret. */
      readonly proofKey: SigningJwk
      readonly role: Role
      readonly expiresAt: number
      readonly joinBox: true
    }
  | { readonly kind: 'invitation-withdrawn'; readonly invitation: string; readonly epoch: EpochStart }
  | {
      readonly kind: 'redeemed'
      readonly invitation: string
      readonly account: AccountProof
      /** Ed25519 by the invitation's `proofKey` over label, collection, account and device of the header: 64 bytes, base64url. */
      readonly proof: string
      readonly joinBox: true
    }
  | { readonly kind: 'role'; readonly account: AccountId; readonly role: Role }
  | { readonly kind: 'removed'; readonly account: AccountId; readonly epoch: EpochStart }
  | { readonly kind: 'left' }
  | { readonly kind: 'account-advanced'; readonly account: AccountProof }
  // Both.
  /** `expired`: ids of invitations that have expired; they are closed by name. */
  | { readonly kind: 'epoch'; readonly expired: readonly string[]; readonly epoch: EpochStart }
  /** Signed by an owner's root key. `keeps`: the place up to which the log is kept. */
  | {
      readonly kind: 're-homed'
      readonly generation: number
      readonly keeps: { readonly seq: number; readonly chain: ChainHash }
      readonly home: HomeRelay
    }

/** The header of a membership item: canonical JSON in the item, covered by signature and id. */
export type MembershipHeader = {
  readonly version: 1
  readonly collection: CollectionId
  readonly account: AccountId
  readonly device: DeviceId
  /** The newest membership item when this one was made; undefined in the first. The relay takes it only while that is still so. */
  readonly base: ItemId | undefined
  readonly operation: MembershipOperation
  /** SHA-256 of the boxes (hexadecimal); they are not part of the header. */
  readonly boxesHash: string
}

/**
 * A key sealed with HPKE to the key with this id (`keyIdOf`): `enc` ‖ ciphertext. Or, where the id is that of an account's own agreement key, the private
 * part of that key, sealed under the epoch (`sealSecret`).
 */
export type SealedBox = { readonly recipient: string; readonly sealed: Bytes }

/** A whole membership item. `signature`: by the device, or by the root key where the operation says so. */
export type MembershipItem = {
  readonly kind: 'membership'
  readonly id: ItemId
  readonly header: MembershipHeader
  readonly headerBytes: Bytes
  readonly signature: Bytes
  readonly boxes: readonly SealedBox[]
}
