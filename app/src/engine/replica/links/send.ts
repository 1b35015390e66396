import type { Bytes } from '@tonestead/protocol/bytes'
import type { ClientMessage, RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import { writeClientFrame, writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { ReplicaContext } from '../replica-context.ts'
import type { LinkState } from './link-state.ts'

/** Sends a frame of a client when the turn is committed. */
export const sendToLink = (
  { turn }: ReplicaContext,
  state: LinkState,
  ...[message, attachments = []]: readonly [ClientMessage, (readonly Bytes[])?]
): void => sendBytes(turn, state, writeClientFrame(message, attachments))

/** Sends a frame as a relay would: on a direct link, when the turn is committed. */
export const sendAsRelay = (
  { turn }: ReplicaContext,
  state: LinkState,
  ...[message, attachments = []]: readonly [RelayMessage, (readonly Bytes[])?]
): void => sendBytes(turn, state, writeRelayFrame(message, attachments))

const sendBytes = (turn: ReplicaContext['turn'], state: LinkState, frame: Bytes): void =>
  void turn.sends.push(() => {
    if (!state.isClosed) state.link.send(frame)
  })
