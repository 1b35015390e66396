import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk, SigningJwk } from '@tonestead/protocol/device-log'

/** Who this device is. Private keys are non-extractable. */
export type DeviceIdentity = {
  readonly accountId: AccountId
  readonly deviceId: DeviceId
  readonly signing: { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }
  readonly agreement: { readonly privateKey: CryptoKey; readonly publicKey: AgreementJwk }
  /** Compact JWS strings, oldest first. */
  readonly deviceLog: readonly string[]
  /** 16 bytes, of which the root key is made: what a recovery phrase will spell. */
  readonly rootEntropy: Bytes
}

/** Keeps the one identity of this browser profile. */
export type DeviceStore = {
  get(): Promise<DeviceIdentity | undefined>
  /** The first one stays: of two tabs that begin together, both get the identity that is returned. */
  putFirst(identity: DeviceIdentity): Promise<DeviceIdentity>
}
