import type { DeviceId } from '@tonestead/crdt/ids'
import type { Token } from '@tonestead/crdt/listening/packed-playback'
import { isBelow } from '@tonestead/crdt/listening/playback-document'

// The state of the token machine (token-machine.ts), and what goes into it and comes out. Times are monotonic milliseconds of this device.

/** What devices say to one another about the token. `take` names the token that it asks for. The one that a grant gives is in its head, as in every message. */
export type TokenMessage =
  | { readonly kind: 'take'; readonly id: string; readonly token: Token }
  | { readonly kind: 'grant' | 'ack'; readonly id: string }

/** Every message of a device says the highest token that it knows, and whether it sounds. */
export type Heard = {
  readonly from: DeviceId
  readonly token: Token | undefined
  readonly isSounding: boolean
  readonly message?: TokenMessage | undefined
}

/** A wish to sound here, until it is met or withdrawn. */
type Taking = {
  readonly id: string
  /** Since when this holder is asked. */
  readonly sinceMs: number
  readonly sends: number
  readonly nextMs: number
}

/** `token`: undefined until the player here is silent. Sent again until the other device has answered. */
type Granting = {
  readonly id: string
  readonly to: DeviceId
  readonly token: Token | undefined
  readonly sends: number
  readonly nextMs: number
}

type Other = { readonly heardAtMs: number | undefined; readonly isSounding: boolean }

export type TokenModel = {
  readonly self: DeviceId
  /** The highest token that is known. */
  readonly token: Token | undefined
  /** `pausing`: the player was told, and has not answered yet. */
  readonly sound: 'silent' | 'sounding' | 'pausing'
  readonly others: ReadonlyMap<DeviceId, Other>
  readonly taking: Taking | undefined
  readonly granting: Granting | undefined
  /** When this device last could reach others; undefined while it cannot. */
  readonly joinedAtMs: number | undefined
}

export type TokenEvent =
  /** A person wants to hear music here. */
  | { readonly kind: 'want'; readonly id: string }
  /** The player here sounds already, without having asked: it began before this was loaded. */
  | { readonly kind: 'sounds'; readonly id: string }
  /** The person wants no music here any more. */
  | { readonly kind: 'unwanted' }
  /** The player here is silent now. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'heard'; readonly heard: Heard }
  /** The document of the playback says this; `isSounding`: what its last anchor says of the holder. */
  | { readonly kind: 'learned'; readonly token: Token; readonly isSounding: boolean }
  | { readonly kind: 'joined' | 'left' | 'tick' }

export type TokenEffect =
  | { readonly kind: 'sound' | 'pause' }
  /** `to`: whom a grant or an ack is for. A `take` is for all: others who want the token wait. */
  | { readonly kind: 'send'; readonly to: DeviceId | undefined; readonly message: TokenMessage }
  /** Tells all devices what this one knows. */
  | { readonly kind: 'say' }
  /** This device took or granted the token: to be written into the document. */
  | { readonly kind: 'keep'; readonly token: Token }

export type Step = { readonly model: TokenModel; readonly effects: readonly TokenEffect[] }

export const startModel = (self: DeviceId): TokenModel => ({
  self,
  token: undefined,
  sound: 'silent',
  others: new Map(),
  taking: undefined,
  granting: undefined,
  joinedAtMs: undefined,
})

export const isSameToken = (a: Token | undefined, b: Token | undefined): boolean =>
  a !== undefined && b !== undefined && !isBelow(a, b) && !isBelow(b, a)

export const holds = ({ token, self }: TokenModel): boolean => token?.to === self
