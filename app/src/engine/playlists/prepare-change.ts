import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
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
  let document = before
  for (const part of planned.flatMap((one) => partsOf(kind, one))) {
    const { outcome, document: after } = applyToPlain(kind, document, part.intent)
    if (outcome.kind === 'refused') return outcome
    if (outcome.kind === 'unchanged') continue
    const undo = undoOf(kind, { before: document, intent: part.intent, id: newIntentId() })
    const step = undo === undefined ? undefined : { undo, makers: makersOfPlaces<K>(part.intent, document) }
    parts.push({ ...part, step })
    document = after
  }
  return { kind: 'prepared', parts }
}

const partsOf = <K extends OrderedKind>(kind: K, { intent, ...rest }: Planned<K>): Planned<K>[] =>
  splitIntent(kind, intent).map((part) => ({ intent: part, ...rest }))
