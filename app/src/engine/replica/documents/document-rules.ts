import type { Bytes } from '@tonestead/protocol/bytes'
import type { SchemaOperation } from '../change-check/schema-operation.ts'

/** What became of an operation that was applied to a draft. */
export type Applied = { readonly kind: 'applied' | 'unchanged' } | { readonly kind: 'refused'; readonly reason: string }

/** What the domain knows about the documents of one kind. */
export type DocumentRules = {
  /** The newest schema that this version understands. */
  readonly schemaVersion: number
  /** Constant changes of a fixed actor that every document of the kind begins with, in order. */
  readonly beginning: readonly Bytes[]
  readonly permits: (operation: SchemaOperation) => boolean
  /** Applies an operation to an Automerge draft. `before`: the document before the draft. Applying one twice is the same as once. Must not throw. */
  readonly apply: (change: {
    readonly draft: unknown
    readonly before: unknown
    readonly operation: unknown
  }) => Applied
  /** Keys of maps, such as entries, that must have been in the document for the operation to mean anything. */
  readonly needs: (operation: unknown) => readonly string[]
}

/** The rules of the document with this name; undefined for a kind that this version does not know. */
export type RulesOf = (name: string) => DocumentRules | undefined
