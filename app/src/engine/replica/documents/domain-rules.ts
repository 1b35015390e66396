import { change, getAllChanges, ImmutableString, init } from '@automerge/automerge/slim'
import { constantChanges, schemaVersion } from '@tonestead/crdt/documents/constant-changes'
import { documentKinds, type DocumentKind } from '@tonestead/crdt/documents/document-kind'
import { isPermitted } from '@tonestead/crdt/documents/document-schema'
import { applyIntent, type Documents, type Intent, type Intents } from '@tonestead/crdt/documents/documents'
import { needs } from '@tonestead/crdt/documents/intent-needs'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { DocumentRules, RulesOf } from './document-rules.ts'

/** The actor of constant changes: no feed has it. */
const constantActor = '00'.repeat(16)

/** The rules of the documents of `crdt/`. The first part of a document's name is its kind: `library/16/3`. Automerge must have been initialized. */
export const createDomainRules = (): RulesOf => {
  const known = new Map<DocumentKind, DocumentRules>()
  return (name) => {
    const kind = documentKinds.find((each) => each === name.split('/')[0])
    if (kind === undefined) return undefined
    const rules = known.get(kind) ?? rulesOfKind(kind)
    known.set(kind, rules)
    return rules
  }
}

const rulesOfKind = (kind: DocumentKind): DocumentRules => ({
  schemaVersion: schemaVersion(kind),
  beginning: beginningOf(kind),
  permits: (operation) => isPermitted(kind, operation),
  apply: ({ draft, before, operation }) =>
    applyIntent<DocumentKind>({
      kind,
      draft: draft as Documents[DocumentKind],
      intent: operation as Intents[DocumentKind],
      tools: { immutable: (text) => new ImmutableString(text), before: before as Documents[DocumentKind] },
    }),
  needs: (operation) => needs(operation as Intent),
})

const beginningOf = (kind: DocumentKind): readonly Bytes[] => {
  let document = init<Record<string, unknown>>({ actor: constantActor })
  for (const write of constantChanges(kind)) document = change(document, { time: 0 }, (draft) => write(draft))
  return getAllChanges(document).map((bytes) => new Uint8Array(bytes))
}
