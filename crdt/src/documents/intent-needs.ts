import type { QueueIntent } from '../queues/queue-intent.ts'
import type { Intent } from './documents.ts'

/**
 * [IN4] What an intent changes: entry ids, or keys of a map. One that was never in the document's log must appear before the intent can be applied; one
 * that was there and is gone is no reason to wait. An entry that only says where something goes is not needed [SL5].
 */
export const needs = (intent: Intent): readonly string[] => {
  switch (intent.kind) {
    case 'moveEntries':
    case 'removeEntries':
    case 'moveItems':
    case 'removeItems':
      return intent.ids
    case 'returnEntries':
    case 'returnItems':
      return intent.runs.flatMap<string>(({ ids }) => ids)
    case 'replaceTracks':
      return intent.tracks.map(({ id }) => id)
    case 'renameFolder':
      return [intent.folder]
    case 'replaceItem':
      return [intent.entry]
    case 'changeQueue':
    case 'adoptQueue':
      return needsOfQueue(intent)
    case 'unsave':
    case 'removePlays':
      return intent.keys
    default:
      return []
  }
}

/** Entries that the intent itself brings are not needed. */
const needsOfQueue = ({ steps }: QueueIntent): string[] => {
  const brought = new Set<string>(
    steps.flatMap((step) => (step.kind === 'insertEntries' ? step.entries.map(({ id }) => id) : [])),
  )
  const named = steps.flatMap((step): readonly string[] => {
    if (step.kind === 'removeEntries' || step.kind === 'moveEntries') return step.ids
    return step.kind === 'setCurrent' && step.entry !== undefined ? [step.entry] : []
  })
  return [...new Set(named)].filter((id) => !brought.has(id))
}
