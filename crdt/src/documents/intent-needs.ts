import type { QueueStep } from '../queues/queue-intent.ts'
import type { Intent } from './documents.ts'

/**
 * [IN4] What an intent changes: entry ids, or keys of a map. One that was never in the document's log must appear before the intent can be applied; one
 * that was there and is gone is no reason to wait. An entry that only says where something goes is not needed [OR5].
 */
export const needs = (intent: Intent): readonly string[] => {
  if ('ids' in intent) return intent.ids
  if ('keys' in intent) return intent.keys
  if ('steps' in intent) return needsOfSteps(intent.steps)
  if (intent.kind === 'returnEntries' || intent.kind === 'returnItems')
    return intent.runs.flatMap<string>(({ ids }) => ids)
  if (intent.kind === 'replaceTracks') return intent.tracks.map(({ id }) => id)
  if (intent.kind === 'renameFolder') return [intent.folder]
  return intent.kind === 'replaceItem' ? [intent.entry] : []
}

/** Entries that the steps themselves bring are not needed. */
const needsOfSteps = (steps: readonly QueueStep[]): string[] => {
  const brought = new Set<string>(
    steps.flatMap((step) => (step.kind === 'insertEntries' ? step.entries.map(({ id }) => id) : [])),
  )
  const named = steps.flatMap((step): readonly string[] => {
    if (step.kind === 'removeEntries' || step.kind === 'moveEntries') return step.ids
    return step.kind === 'setCurrent' && step.entry !== undefined ? [step.entry] : []
  })
  return [...new Set(named)].filter((id) => !brought.has(id))
}
