import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Right } from '@tonestead/protocol/auth'
import type { KnownDevice } from '@tonestead/protocol/device-log'

export type StoredDevice = KnownDevice & { readonly seenAt: UnixMs }

/** Accounts known to this media server, their devices and rights. */
export type AccountStore = {
  /** Records the device; `limit` bounds devices of one account. Concurrent calls never exceed it. */
  register(device: KnownDevice, at: UnixMs, limit: number): Promise<'known' | 'registered' | 'device-limit-reached'>
  device(id: DeviceId): Promise<StoredDevice | undefined>
  rightsOf(id: AccountId): Promise<readonly Right[]>
  /** All rights to the first account that claims; false when somebody has. */
  claim(id: AccountId, at: UnixMs): Promise<boolean>
  isClaimed(): Promise<boolean>
}
