import type { IntentId, QueueEntryId } from '../ids.ts'
import type { Context, Repeat } from '../queue.ts'
import type { Place } from '../slots/place.ts'
import type { QueueItem } from './packed-queue.ts'

/** An entry that an intent brings. */
export type NewQueueEntry = { readonly id: QueueEntryId } & QueueItem

/** One step of a change of the queue. An absent `entry` or `context`: none. */
export type QueueStep =
  | { readonly kind: 'removeEntries'; readonly ids: readonly QueueEntryId[] }
  | { readonly kind: 'insertEntries'; readonly entries: readonly NewQueueEntry[]; readonly place: Place }
  | { readonly kind: 'moveEntries'; readonly ids: readonly QueueEntryId[]; readonly place: Place }
  | { readonly kind: 'setCurrent'; readonly entry?: QueueEntryId }
  | { readonly kind: 'setContext'; readonly context?: Context }
  | { readonly kind: 'setShuffle'; readonly isShuffled: boolean }
  | { readonly kind: 'setRepeat'; readonly repeat: Repeat }

/**
 * A change of the queue, as plain data: steps that are applied together, in order. An entry or setting is in one step at
 * most. `adoptQueue` brings a queue that was kept before documents existed, and
 * applies only while the document shows nothing else [QD4].
 */
export type QueueIntent =
  | { readonly kind: 'changeQueue'; readonly id: IntentId; readonly steps: readonly QueueStep[] }
  | { readonly kind: 'adoptQueue'; readonly id: IntentId; readonly steps: readonly QueueStep[] }
