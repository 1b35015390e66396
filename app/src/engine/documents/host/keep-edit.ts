import { documentKinds, type DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Intents } from '@tonestead/crdt/documents/documents'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Log } from '../../../ports/log.ts'
import type { EditOutcome, Replica } from '../../replica/replica.ts'
import { ReplicaEndedError } from '../../replica/replica-turn.ts'
import type { EditResult } from '../documents.ts'
import type { ToHost } from '../messages/document-messages.ts'
import type { PlainMap } from '../mirror/plain-value.ts'
import { applyToPlain, beginningOf } from '../plain-document.ts'

type Edit = Pick<Extract<ToHost, { kind: 'edit' }>, 'collection' | 'name' | 'intent'>

type Dependencies = {
  readonly replica: Pick<Replica, 'edit' | 'isWritable' | 'status'>
  readonly personal: CollectionId
  readonly log: Log
  /** The document as it is, if it is at hand. */
  readonly shownOf: (edit: Edit) => PlainMap | undefined
}

/** The reason of an edit that could not be written. */
export const storageFailed = 'storage-failed'

/** The kind of a document with this name; undefined for one that this version does not know. */
export const kindOf = (name: string): DocumentKind | undefined =>
  documentKinds.find((kind) => kind === name.split('/', 1)[0])

/** [DO6] Gives an edit to the replica. `superseded`: another worker leads, and will answer. */
export const keepEdit = async (deps: Dependencies, edit: Edit): Promise<EditResult | { kind: 'superseded' }> => {
  const { replica, personal, log } = deps
  const { name: document, intent } = edit
  const collection = (edit.collection ?? personal) as CollectionId
  const refusal = findRefusal(deps, collection, edit)
  if (refusal !== undefined) return refusal
  try {
    return resultOf(await replica.edit({ collection, document, intent: { id: intent.id, operation: intent } }))
  } catch (cause) {
    if (cause instanceof ReplicaEndedError) return { kind: 'superseded' }
    log.failed('an edit was not kept')(cause)
    return { kind: 'refused', reason: storageFailed }
  }
}

/** What can be said without the journal. An intent is tried on plain data first: one of another version may not be understood. */
const findRefusal = (deps: Dependencies, collection: CollectionId, edit: Edit): EditResult | undefined => {
  const { replica, shownOf, log } = deps
  const kind = kindOf(edit.name)
  if (kind === undefined) return { kind: 'refused', reason: 'unknown-document' }
  if (!replica.isWritable(collection, edit.name))
    return replica.status(collection)?.kind === 'frozen' ? { kind: 'refused', reason: 'frozen' } : { kind: 'read-only' }
  try {
    const before = (shownOf(edit) ?? beginningOf(kind)) as never
    const { outcome } = applyToPlain(kind, before, edit.intent as unknown as Intents[DocumentKind])
    return outcome.kind === 'refused' ? outcome : undefined
  } catch (cause) {
    log.failed('an intent is not understood')(cause)
    return { kind: 'refused', reason: 'not-understood' }
  }
}

const resultOf = (outcome: EditOutcome): EditResult | { kind: 'superseded' } => {
  switch (outcome.kind) {
    case 'kept':
    case 'waiting':
    case 'unchanged':
      return { kind: outcome.kind === 'unchanged' ? 'unchanged' : 'kept' }
    case 'refused':
      return outcome
    case 'no-right':
      return { kind: 'read-only' }
    case 'frozen':
      return { kind: 'refused', reason: 'frozen' }
    case 'superseded':
      return { kind: 'superseded' }
  }
}
