import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Right } from '@tonestead/protocol/auth'
import type { KnownDevice } from '@tonestead/protocol/device-log'

/** A device as this server has registered it. `seenAt` is the time of its last session. */
export type StoredDevice = KnownDevice & { readonly seenAt: UnixMs; readonly registeredAt: UnixMs }

/** A verified device log: its entries, and the devices that stand after the last one. `generation`: as in `AccountLog` of the protocol. */
export type VerifiedDeviceLog = {
  readonly account: AccountId
  /** Membership items in base64url. Empty for a log of one JWS, which says less than any of them. */
  readonly entries: readonly string[]
  readonly generation: number
  readonly standing: readonly DeviceId[]
}

/**
 * What became of a device log. `kept`: it is the newest one now; `removed` devices were registered and do not stand in it. `older`: `entries` were kept
 * before and go on from it. `forked`: it contradicts what was kept before.
 */
export type KeptDeviceLog =
  | { readonly kind: 'kept'; readonly removed: readonly DeviceId[] }
  | { readonly kind: 'older'; readonly entries: readonly string[] }
  | { readonly kind: 'forked' }

/**
 * The accounts that this media server knows, with their devices and rights. Every method is one transaction, durable when it resolves,
 * and may be called concurrently. Faults of the database reject.
 */
export type AccountStore = {
  /**
   * Registers a device, or updates its name and `seenAt`. `limit` is the most devices of one account; concurrent calls never exceed it.
   * Rejects with the problem `proof-invalid` when the device key belongs to another account.
   */
  register(
    device: KnownDevice,
    at: UnixMs,
    limit: number,
  ): Promise<'known' | 'registered' | 'device-limit-reached' | 'device-removed'>
  /** Keeps a device log if it goes on from the one that was kept, or is of a later generation, and removes for ever the devices that do not stand in it. */
  keepDeviceLog(log: VerifiedDeviceLog, at: UnixMs): Promise<KeptDeviceLog>
  /** Undefined when the device was never registered, or was removed. */
  device(id: DeviceId): Promise<StoredDevice | undefined>
  /** The devices of an account, the one that was seen last first. */
  devicesOf(id: AccountId): Promise<readonly StoredDevice[]>
  /** Removes a device for ever: `register` refuses its key from now on, for every account. False when it is not a device of this account. */
  removeDevice(id: DeviceId, account: AccountId, at: UnixMs): Promise<boolean>
  /** Empty for an account without rights, or one that is not known. */
  rightsOf(id: AccountId): Promise<readonly Right[]>
  /** Gives all rights to the first account that claims them. False when another account was first. */
  claim(id: AccountId, at: UnixMs): Promise<boolean>
  /** Whether the server has an administrator. */
  isClaimed(): Promise<boolean>
}
