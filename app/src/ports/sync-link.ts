import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'

/**
 * An open connection to a relay, or to another device directly. Frames arrive whole and in order, or the link closes. `relay`: it authenticates this device with
 * its challenge. `peer`: the transport has authenticated the other device.
 */
export type SyncLink = {
  readonly kind: 'relay' | 'peer'
  /** Sends one frame; never throws. What cannot be sent closes the link. */
  readonly send: (frame: Bytes) => void
  readonly close: () => void
} & (
  | {
      readonly kind: 'relay'
      readonly key: SigningJwk
      /** What the relay may ask of a device that it does not know: the account's device log, a pass of a media server. */
      readonly credentials?: { readonly deviceLog?: string[]; readonly pass?: string }
    }
  | { readonly kind: 'peer'; readonly account: AccountId; readonly device: DeviceId }
)

/** Takes what arrives on a link. */
export type ReadLink = {
  readonly receive: (frame: Bytes) => void
  /** The link is closed; nothing more arrives. */
  readonly closed: () => void
}
