import type { Bytes } from '@tonestead/protocol/bytes'

/** Why the relay closes a connection: the codes of its WebSocket close frames. 1001 is the standard's "going away". */
export const closeCodes = {
  draining: 1001,
  protocol: 4400,
  unauthenticated: 4401,
  refused: 4403,
  'too-slow': 4408,
  'too-many': 4429,
} as const
/** A key of `closeCodes`. */
export type CloseReason = keyof typeof closeCodes

/** One connection to a client, whatever carries it. */
export type Link = {
  /** The address that limits count by. */
  readonly peer: string
  /** Queues a frame. */
  send(frame: Bytes): void
  /** Bytes of frames that were queued and are not on their way yet. */
  queuedBytes(): number
  /** Resolves when at most so many bytes are queued, or the connection is closed. */
  drainedTo(bytes: number): Promise<void>
  /** Stops and resumes reading: what the client sends meanwhile waits on its side. */
  pause(): void
  resume(): void
  /** Says why, and closes. */
  close(reason: CloseReason, detail: string): void
}
