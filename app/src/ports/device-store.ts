import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk, SigningJwk } from '@tonestead/protocol/device-log'

/** The account and the keys of this device. Private keys are non-extractable. */
export type DeviceIdentity = {
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly signing: { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }
  readonly agreement: { readonly privateKey: CryptoKey; readonly publicKey: AgreementJwk }
  /** Compact JWS strings, oldest first. */
  readonly deviceLog: readonly string[]
  /** 16 bytes from which the root key is derived. A recovery phrase will encode them. */
  readonly rootEntropy: Bytes
}

/** Stores the one identity of this browser profile. */
export type DeviceStore = {
  get(): Promise<DeviceIdentity | undefined>
  /** Stores the identity unless there is one, and returns the stored one: two tabs that start together get the same. */
  putFirst(identity: DeviceIdentity): Promise<DeviceIdentity>
}
