import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { RenditionName } from '@tonestead/protocol/rendition'

/** One play of a track: what the worker needs to serve its URL. It is written before the URL is used, so that a restarted worker can read it. */
export type PlayRecord = {
  /** Random: 26 characters of base32. Never used for a second play. */
  readonly playId: string
  /** Signed manifest head, and the server key that it must be signed with. */
  readonly signedHead: Bytes
  readonly serverKey: SigningJwk
  readonly quality: 'auto' | RenditionName
  /** For tests: every slot takes another rendition. */
  readonly pattern?: 'cycle' | undefined
  readonly createdAtMs: number
}

/** The rendition of each slot that was sent, as its index in the head; 255: not sent yet. */
type Pins = Uint8Array

/** Plays and their pins. Writes survive a restart of the worker, but perhaps not a power cut (relaxed durability). */
export type PlayStore = {
  /** Resolves when other contexts can read it. */
  put(record: PlayRecord): Promise<void>
  get(playId: string): Promise<{ readonly record: PlayRecord; readonly pins: Pins | undefined } | undefined>
  /** Replaces the pins of the play. Resolves when a restarted worker can read them. */
  pin(playId: string, pins: Pins): Promise<void>
  /** Deletes these plays, and all that were created before `beforeMs`, with their pins. */
  drop(playIds: readonly string[], beforeMs: number): Promise<void>
}
