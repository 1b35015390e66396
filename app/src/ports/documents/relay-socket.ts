import type { Bytes } from '@tonestead/protocol/bytes'

/** A connection to a relay at the level of frames. */
export type RelaySocket = {
  /** Sends one frame; never throws. */
  readonly send: (frame: Bytes) => void
  readonly close: () => void
}

/** What happens on a connection, in order. */
export type SocketEvents = {
  readonly onOpen: () => void
  readonly onFrame: (frame: Bytes) => void
  /** Called once, also when it was never open or was closed from here. */
  readonly onClosed: () => void
}

/** Connects to the relay of this origin. It may fail; then `onClosed` is called. */
export type OpenRelaySocket = (events: SocketEvents) => RelaySocket
