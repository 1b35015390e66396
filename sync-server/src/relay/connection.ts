import { toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import { readClientFrame, writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { connectionVersion } from '@tonestead/protocol/sync/frame-messages'
import { challengeNonceBytes } from '@tonestead/protocol/sync/keys/relay-challenge'
import type { Link } from '../ports/link.ts'
import { authenticate, type Credentials } from './authenticate.ts'
import { createFrameQueue } from './frame-queue.ts'
import type { RelayParts } from './relay-deps.ts'
import { createSession, type Session } from './session.ts'

/** A connection, for what carries it. */
export type Connection = {
  /** A whole frame has arrived. */
  readonly receive: (frame: Bytes) => void
  /** The connection is closed, by either side. */
  readonly closed: () => void
}

type State = { session: Session | undefined; isClosed: boolean }
type Greeted = {
  readonly parts: RelayParts
  readonly link: Link
  readonly nonce: string
  readonly stopped: AbortController
}

/** Greets a client with a challenge, and serves it after it has proved who it is. */
export const createConnection = (parts: RelayParts, link: Link): Connection => {
  const stopped = new AbortController()
  const nonce = toBase64Url(parts.random(challengeNonceBytes))
  const state: State = { session: undefined, isClosed: false }
  const greeted: Greeted = { parts, link, nonce, stopped }
  const queue = createFrameQueue({
    link,
    handle: (frame) => handleFrame(greeted, state, frame),
    onFault: (fault) => {
      if (stopped.signal.aborted) return
      parts.onFault(fault)
      link.close('draining', 'the relay failed')
    },
  })
  link.send(
    writeRelayFrame({
      kind: 'challenge',
      version: connectionVersion,
      relayKey: parts.key.publicKey,
      nonce,
      at: parts.clock.now(),
    }),
  )
  closeUnlessKnown(greeted, state)
  return {
    receive: queue.push,
    closed: () => {
      state.isClosed = true
      stopped.abort()
      queue.end()
      state.session?.end()
    },
  }
}

/** [RC9] Who does not say who he is in time makes room for others. */
const closeUnlessKnown = ({ parts, link, stopped }: Greeted, state: State): void => {
  parts.clock.after(parts.limits.authenticateMs, stopped.signal).then(
    () => {
      if (state.session === undefined) link.close('unauthenticated', 'no proof of a device in time')
    },
    // Aborted: closed before.
    () => undefined,
  )
}

const handleFrame = async (greeted: Greeted, state: State, bytes: Bytes): Promise<void> => {
  const { parts, link } = greeted
  const frame = readClientFrame(bytes)
  if (frame === undefined) return void refuseConnection(link, 'protocol', 'frame-invalid')
  parts.metrics.frame(frame.message.kind)
  if (frame.message.kind === 'ping') return void link.send(writeRelayFrame({ kind: 'pong' }))
  if (state.session !== undefined) return state.session.handle(frame)
  if (frame.message.kind !== 'authenticate') return void refuseConnection(link, 'unauthenticated', 'authenticate-first')
  await welcome(greeted, state, frame.message)
}

const welcome = async (greeted: Greeted, state: State, credentials: Credentials): Promise<void> => {
  const { parts, link, nonce, stopped } = greeted
  const admission = await authenticate({ ...parts, relayKey: parts.key.publicKey }, credentials, nonce)
  if (admission.kind === 'refused') return void refuseConnection(link, 'unauthenticated', admission.code)
  // The client may have gone meanwhile.
  if (state.isClosed) return
  const session = createSession(parts, { ...admission, link, signal: stopped.signal })
  if (session === 'too-many') return void refuseConnection(link, 'too-many', 'too-many-connections')
  state.session = session
  link.send(writeRelayFrame({ kind: 'welcome', connection: toBase64Url(parts.random(9)) }))
}

/** Says why in a frame, because browsers do not always show close codes. */
const refuseConnection = (link: Link, reason: 'protocol' | 'unauthenticated' | 'too-many', code: string): void => {
  link.send(writeRelayFrame({ kind: 'problem', code, detail: code.replaceAll('-', ' ') }))
  link.close(reason, code)
}
