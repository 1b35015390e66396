import { constantChanges } from '@tonestead/crdt/documents/constant-changes'
import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import { applyIntent, type Documents, type Intents } from '@tonestead/crdt/documents/documents'
import type { Outcome } from '@tonestead/crdt/documents/intent-outcome'

/** A document as it begins, as plain data. */
export const beginningOf = <K extends DocumentKind>(kind: K): Documents[K] => {
  const document: Record<string, unknown> = {}
  for (const write of constantChanges(kind)) write(document)
  return document as unknown as Documents[K]
}

/** Applies an intent to plain data. `document` is a copy with the change, or the same object when nothing changed. */
export const applyToPlain = <K extends DocumentKind>(
  kind: K,
  before: Documents[K],
  intent: Intents[K],
): { readonly document: Documents[K]; readonly outcome: Outcome } => {
  const draft = copyOf(before)
  const outcome = applyIntent({ kind, draft, intent, tools: { immutable: (text) => text, before } })
  return { outcome, document: outcome.kind === 'applied' ? draft : before }
}

/** Copies the maps and lists of a document, and the records in them. */
const copyOf = <T>(value: T, depth = 3): T => {
  if (depth === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.slice() as T
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf<unknown>(inner, depth - 1)])) as T
}
