import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk, SigningJwk } from '@tonestead/protocol/device-log'

/** The account and the keys of this device. Private keys are non-extractable. */
export type DeviceIdentity = {
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly signing: { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }
  readonly agreement: { readonly privateKey: CryptoKey; readonly publicKey: AgreementJwk }
  /** ECDH P-256 with the usage `deriveBits` (HPKE), to which keys of collections are sealed; undefined in a profile that never kept a document. */
  readonly sealing?: SealingPair | undefined
  /** Compact JWS strings, oldest first. */
  readonly deviceLog: readonly string[]
  /** 16 bytes from which the root key is derived. Undefined on a device that was added to the account, and once the recovery phrase was confirmed. */
  readonly rootEntropy?: Bytes | undefined
  /** The name of the database with the documents of the account; undefined for the account that the profile began with. */
  readonly journal?: string | undefined
}

/** A key pair for sealed keys. The private key is non-extractable. */
export type SealingPair = { readonly privateKey: CryptoKey; readonly publicKey: AgreementJwk }

/** Stores the one identity of this browser profile. */
export type DeviceStore = {
  get(): Promise<DeviceIdentity | undefined>
  /** Stores the identity unless there is one, and returns the stored one: two tabs that start together get the same. */
  putFirst(identity: DeviceIdentity): Promise<DeviceIdentity>
  /** Adds the sealing key unless there is one, and returns the one that is stored. Throws when there is no identity. */
  putFirstSealing(sealing: SealingPair): Promise<SealingPair>
  /** The profile is a device of another account from now on. The identity that it had is kept aside. */
  replace(identity: DeviceIdentity): Promise<void>
}
