import type { TrackId } from '@tonestead/crdt/ids'

/** Plays by track and day, for popularity. Nothing here says who listened, or when within a day. */
export type PlayStore = {
  /** One play more. `day`: days since 1970, UTC. */
  count(track: TrackId, day: number): Promise<void>
  /** Forgets days before this one. */
  forgetBefore(day: number): Promise<void>
}
