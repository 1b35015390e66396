import type { TrackId } from '@tonestead/crdt/ids'

/**
 * Counts plays by track and day, for popularity. It does not store who listened, or when on that day.
 * Days are counted since 1970, UTC. Methods may be called concurrently and are durable when they resolve.
 */
export type PlayStore = {
  /** Adds one play. */
  count(track: TrackId, day: number): Promise<void>
  /** Deletes the plays of all days before this one. */
  forgetBefore(day: number): Promise<void>
}
