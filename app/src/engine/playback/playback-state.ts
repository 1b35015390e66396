import type { QueueEntryId } from '@tonestead/crdt/ids'
import type { Anchor } from '@tonestead/crdt/playback'

/** Why a track does not play, by what a person can do about it. How each is retried and shown: engine/failures/failure-table.ts. */
export type PlaybackProblem =
  | 'offline-not-kept' // no network, and the track is not on this device
  | 'server-unreachable' // the network is there, the server is not
  | 'not-permitted' // no license for this account
  | 'license-expired' // stored here, but the license must be renewed online
  | 'track-withdrawn' // no longer in the catalog
  | 'chunk-damaged' // wrong hash twice
  | 'storage-full' // the browser stores nothing more
  | 'format-unsupported' // this browser does not play the format
  | 'autoplay-blocked' // the browser wants a click first
  | 'player-failed' // everything else

/** What the player does. */
export type PlaybackState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'loading'
      readonly entryId: QueueEntryId
      readonly positionMs: number
      /** Since when: the spinner is shown after 400 ms. */ readonly sinceMs: number
    }
  | { readonly kind: 'playing'; readonly entryId: QueueEntryId; readonly anchor: Anchor }
  | { readonly kind: 'paused'; readonly entryId: QueueEntryId; readonly positionMs: number }
  | {
      readonly kind: 'failed'
      readonly entryId: QueueEntryId
      readonly positionMs: number
      readonly problem: PlaybackProblem
    }
