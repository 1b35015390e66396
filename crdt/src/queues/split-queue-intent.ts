import { entryCost } from '../documents/intent-size.ts'
import { partIdOf } from '../slots/slot-ids.ts'
import type { Place } from '../slots/place.ts'
import { splitRuns } from '../slots/split-runs.ts'
import { packedQueueEntry } from './packed-queue.ts'
import type { NewQueueEntry, QueueIntent, QueueStep } from './queue-intent.ts'
import type { QueueEntryId } from '../ids.ts'

/** One entry of a step. */
type Piece =
  | { readonly kind: 'removeEntries'; readonly id: QueueEntryId }
  | { readonly kind: 'moveEntries'; readonly id: QueueEntryId }
  | { readonly kind: 'insertEntries'; readonly id: QueueEntryId; readonly entry: NewQueueEntry }

/**
 * [IN3] Cuts an intent into parts of which each fits one change, to be applied in order; one that fits stays as it is. Context, shuffle, repeat and current
 * entry come with the last part, when all entries are there.
 */
export const splitQueueIntent = (intent: QueueIntent): QueueIntent[] => {
  const runs = intent.steps.flatMap((step) => piecesOf(step) ?? [])
  const settings = intent.steps.filter((step) => piecesOf(step) === undefined)
  const parts = splitRuns(runs, { idOf: ({ id }) => id, costOf })
  if (parts.length <= 1) return [intent]
  const steps = parts.map((part) => part.map(({ items, place }) => stepOf(items, place)))
  steps.at(-1)?.push(...settings)
  return steps.map((each, index) => ({ kind: intent.kind, id: partIdOf(intent.id, index), steps: each }))
}

const costOf = (piece: Piece): number =>
  entryCost(piece.kind === 'insertEntries' ? packedQueueEntry.pack(piece.entry) : '')

const piecesOf = (step: QueueStep): { items: Piece[]; place: Place } | undefined => {
  switch (step.kind) {
    case 'insertEntries':
      return { place: step.place, items: step.entries.map((entry) => ({ kind: step.kind, id: entry.id, entry })) }
    case 'moveEntries':
      return { place: step.place, items: step.ids.map((id) => ({ kind: step.kind, id })) }
    case 'removeEntries':
      return { place: { kind: 'end' }, items: step.ids.map((id) => ({ kind: step.kind, id })) }
    default:
      return undefined
  }
}

/** All pieces of one run are of one kind. */
const stepOf = (pieces: readonly Piece[], place: Place): QueueStep => {
  const ids = pieces.map(({ id }) => id)
  if (pieces[0]?.kind === 'removeEntries') return { kind: 'removeEntries', ids }
  if (pieces[0]?.kind === 'moveEntries') return { kind: 'moveEntries', ids, place }
  return {
    kind: 'insertEntries',
    place,
    entries: pieces.flatMap((piece) => (piece.kind === 'insertEntries' ? [piece.entry] : [])),
  }
}
