import * as Automerge from '@automerge/automerge'
import { constantChanges } from '../documents/constant-changes.ts'
import type { DocumentKind } from '../documents/document-kind.ts'
import type { DocumentOperation } from '../documents/document-schema.ts'
import { applyIntent, type Documents, type Intents } from '../documents/documents.ts'
import type { Outcome } from '../documents/intent-outcome.ts'

// Documents of real Automerge for tests.

type Doc<K extends DocumentKind> = Automerge.Doc<Documents[K]>

const constantActor = '00'.repeat(16)
/** The actor of a replica: later ones are higher. */
export const actorOf = (replica: number): string => `${replica + 1}`.padStart(32, 'a')

/** A document with its constant first value, for one replica. */
export const beginDocument = <K extends DocumentKind>(kind: K, replica = 0): Doc<K> => {
  let document = Automerge.init<Documents[K]>({ actor: constantActor })
  for (const change of constantChanges(kind))
    document = Automerge.change(document, { time: 0 }, (draft) => change(draft as Record<string, unknown>))
  return Automerge.clone(document, { actor: actorOf(replica) })
}

/** A copy of a document for another replica. */
export const copyFor = <T>(document: Automerge.Doc<T>, replica: number): Automerge.Doc<T> =>
  Automerge.clone(document, { actor: actorOf(replica) })

/** The document with what another one has. */
export const merged = <T>(document: Automerge.Doc<T>, other: Automerge.Doc<T>): Automerge.Doc<T> =>
  Automerge.merge(copied(document), copied(other))

/** Automerge gives up the document that it changes; with a copy, documents are values here. */
const copied = <T>(document: Automerge.Doc<T>): Automerge.Doc<T> =>
  Automerge.clone(document, { actor: Automerge.getActorId(document) })

/** Applies an intent in a change of its own. `reads`: where lists are read, [IN5]. */
export const attempt = <K extends DocumentKind>(
  kind: K,
  document: Doc<K>,
  { intent, reads = 'before' }: { readonly intent: Intents[K]; readonly reads?: 'before' | 'draft' },
): { readonly document: Doc<K>; readonly outcome: Outcome } => {
  let outcome: Outcome = { kind: 'unchanged' }
  const after = Automerge.change(copied(document), { time: 0 }, (draft) => {
    const tools = { immutable: (text: string) => new Automerge.ImmutableString(text) }
    outcome = applyIntent({
      kind,
      draft: draft as Documents[K],
      intent,
      tools: reads === 'draft' ? tools : { ...tools, before: document as Documents[K] },
    })
  })
  return { document: after, outcome }
}
/** The document after an intent. */
export const changed = <K extends DocumentKind>(kind: K, document: Doc<K>, intent: Intents[K]): Doc<K> =>
  attempt(kind, document, { intent }).document

/** Applies an intent to a plain object. */
export const changePlain = <K extends DocumentKind>(kind: K, document: Documents[K], intent: Intents[K]): Outcome =>
  applyIntent({ kind, draft: document, intent, tools: { immutable: (text) => text } })

/** The document as plain values: texts are strings. */
export const plainOf = (document: unknown): unknown => JSON.parse(JSON.stringify(document)) as unknown

/** The bytes of the last change, without compression. */
export const lastChangeBytes = (document: Automerge.Doc<unknown>): number =>
  Automerge.encodeChange(Automerge.decodeChange(Automerge.getLastLocalChange(document)!)).length

/** The operations of a document's changes but the constant ones, as the schema is asked about them. */
export const operationsOf = (document: Automerge.Doc<unknown>): DocumentOperation[] => {
  const paths = new Map<string, readonly string[]>([['_root', []]])
  return Automerge.getAllChanges(document).flatMap((bytes) => {
    const change = Automerge.decodeChange(bytes)
    return change.ops.flatMap((op, index): DocumentOperation[] => {
      const container = paths.get(op.obj)!
      const { action, key } = op
      const { value, insert } = op as { readonly value?: unknown; readonly insert?: boolean }
      if (action.startsWith('make')) paths.set(`${change.startOp + index}@${change.actor}`, [...container, key ?? ''])
      if (change.actor === constantActor) return []
      if (action.startsWith('make'))
        return [{ container, action: 'make', key, value: action.slice('make'.length).toLowerCase() }]
      if (action === 'del') return [{ container, action: 'delete', key }]
      return [insert === true ? { container, action: 'insert', value } : { container, action: 'set', key, value }]
    })
  })
}
