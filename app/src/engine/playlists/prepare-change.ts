import { applyIntent, type Documents, type Intents } from '@tonestead/crdt/documents/documents'
import type { Outcome } from '@tonestead/crdt/documents/intent-outcome'
import { splitIntent } from '@tonestead/crdt/documents/split-intent'
import { undoOf } from '@tonestead/crdt/documents/undo-intent'
import type { IntentId } from '@tonestead/crdt/ids'
import { applyToPlain } from '../documents/plain-document.ts'
import { makersOfPlaces, type Makers, type OrderedKind } from './place-origins.ts'
import type { ChangeFailure } from './playlists.ts'

/** An intent to apply. `standsFor`: for an undo, the makers of the places that it gives back. */
export type Planned<K extends OrderedKind> = { readonly intent: Intents[K]; readonly standsFor?: Makers }
/** A part of a change that was made: the intent that undoes it, and which intents had made the places that it took from entries. */
export type Step<K extends OrderedKind> = { readonly undo: Intents[K]; readonly makers: Makers }
type Part<K extends OrderedKind> = Planned<K> & { readonly step: Step<K> | undefined }

export type Prepared<K extends OrderedKind> =
  { readonly kind: 'prepared'; readonly parts: readonly Part<K>[] } | Extract<ChangeFailure, { kind: 'refused' }>

/** [PY10] Applies intents to a copy of a document, in parts that each fit one change, and makes the undo of each part. A refused part refuses all. */
export const prepareChange = <K extends OrderedKind>(
  kind: K,
  { before, planned }: { readonly before: Documents[K]; readonly planned: readonly Planned<K>[] },
  newIntentId: () => IntentId,
): Prepared<K> => {
  const parts: Part<K>[] = []
  // Copied once, by the first part that changes something; the parts after it change the copy.
  let document = before
  for (const part of planned.flatMap((one) => partsOf(kind, one))) {
    const { intent } = part
    const undo = undoOf(kind, { before: document, intent, id: newIntentId() })
    const makers = makersOfPlaces<K>(intent, document)
    const applied = document === before ? applyToPlain(kind, before, intent) : applyInPlace(kind, document, intent)
    const { outcome } = applied
    document = applied.document
    if (outcome.kind === 'refused') return outcome
    if (outcome.kind === 'applied') parts.push({ ...part, step: undo && { undo, makers } })
  }
  return { kind: 'prepared', parts }
}

const applyInPlace = <K extends OrderedKind>(
  kind: K,
  document: Documents[K],
  intent: Intents[K],
): { readonly document: Documents[K]; readonly outcome: Outcome } => ({
  document,
  outcome: applyIntent({ kind, draft: document, intent, tools: { immutable: (text) => text } }),
})

const partsOf = <K extends OrderedKind>(kind: K, { intent, ...rest }: Planned<K>): Planned<K>[] =>
  splitIntent(kind, intent).map((part) => ({ intent: part, ...rest }))
