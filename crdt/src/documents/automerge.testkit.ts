import * as Automerge from '@automerge/automerge'
import type { DocumentKind } from './document-kind.ts'
import type { DocumentOperation } from './document-schema.ts'
import { constantChanges } from './constant-changes.ts'
import { applyIntent, type Documents, type Intents } from './documents.ts'
import type { Outcome } from './intent-outcome.ts'

// Documents of real Automerge for tests.

const constantActor = '00'.repeat(16)
/** The actor of a replica. */
export const actorOf = (replica: number): string => `${replica + 1}`.padStart(32, 'a')

/** A document with its constant first value, for one replica. */
export const beginDocument = <K extends DocumentKind>(kind: K, replica = 0): Automerge.Doc<Documents[K]> => {
  let document = Automerge.init<Documents[K]>({ actor: constantActor })
  for (const change of constantChanges(kind))
    document = Automerge.change(document, { time: 0 }, (draft) => change(draft as Record<string, unknown>))
  return Automerge.clone(document, { actor: actorOf(replica) })
}

/** Applies an intent in a change of its own. */
export const changed = <K extends DocumentKind>(
  kind: K,
  document: Automerge.Doc<Documents[K]>,
  intent: Intents[K],
): { readonly document: Automerge.Doc<Documents[K]>; readonly outcome: Outcome } => {
  let outcome: Outcome = { kind: 'unchanged' }
  const after = Automerge.change(document, { time: 0 }, (draft) => {
    outcome = applyIntent({
      kind,
      draft: draft as Documents[K],
      intent,
      tools: { immutable: (text) => new Automerge.ImmutableString(text), before: document as Documents[K] },
    })
  })
  return { document: after, outcome }
}

/** As `changed`, on a plain object. */
export const changedPlain = <K extends DocumentKind>(kind: K, document: Documents[K], intent: Intents[K]): Outcome =>
  applyIntent({ kind, draft: document, intent, tools: { immutable: (text) => text } })

/** The document as plain values: texts are strings. */
export const plainOf = (document: unknown): unknown => JSON.parse(JSON.stringify(document)) as unknown

/** The operations of a document's changes but the constant ones, as the schema is asked about them. */
export const operationsOf = (document: Automerge.Doc<unknown>): DocumentOperation[] => {
  const paths = new Map<string, readonly string[]>([['_root', []]])
  return Automerge.getAllChanges(document).flatMap((bytes) => {
    const change = Automerge.decodeChange(bytes)
    return change.ops.flatMap((op, index): DocumentOperation[] => {
      const container = paths.get(op.obj)!
      const key = op.key
      if (op.action.startsWith('make'))
        paths.set(`${change.startOp + index}@${change.actor}`, [...container, key ?? ''])
      if (change.actor === constantActor) return []
      const { value } = op as { readonly value?: unknown }
      if (op.action.startsWith('make'))
        return [{ container, action: 'make', key, value: op.action.slice(4).toLowerCase() }]
      if (op.action === 'del') return [{ container, action: 'delete', key }]
      return op.insert === true ? [{ container, action: 'insert', value }] : [{ container, action: 'set', key, value }]
    })
  })
}
