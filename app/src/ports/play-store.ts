import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { RenditionName } from '@tonestead/protocol/rendition'

/** One playing of a track: what the worker needs to answer its URL, written before the URL is used, so that a worker that was restarted finds it. */
export type PlayRecord = {
  /** Random: 26 characters of base32. Never used for a second play. */
  readonly playId: string
  /** Signed manifest head, and the server key that it must be signed with. */
  readonly signedHead: Bytes
  readonly serverKey: SigningJwk
  readonly quality: 'auto' | RenditionName
  /** For tests: another rendition in every slot. */
  readonly pattern?: 'cycle' | undefined
  readonly createdAtMs: number
}

/** The rendition of each slot whose bytes went out, by place in the head; 255: none yet. */
type Pins = Uint8Array

/** Plays and their pins. Writes outlive the worker, though perhaps not a power cut (relaxed durability). */
export type PlayStore = {
  /** Resolves when another context would read it. */
  put(record: PlayRecord): Promise<void>
  get(playId: string): Promise<{ readonly record: PlayRecord; readonly pins: Pins | undefined } | undefined>
  /** One record per play, replaced whole. Resolves when a restarted worker would read it. */
  pin(playId: string, pins: Pins): Promise<void>
  /** Drops plays and pins older than `beforeMs` or named. */
  drop(playIds: readonly string[], beforeMs: number): Promise<void>
}
