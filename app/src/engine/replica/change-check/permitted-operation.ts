import type { OpAction } from './op-record.ts'

/** A value as Automerge stores it. `text`: an ImmutableString. `timestamp`: ms since 1970. */
export type ScalarValue =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'int' | 'uint' | 'float64' | 'timestamp' | 'counter'; readonly value: number }

/** A step from the root to a value: a key of a map, or some element of a list. */
export type PathStep = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'element' }

/** What the schema of a document is asked about. `value` is there for `set` alone. `isInsert`: a new element of a list. */
export type PermittedOperation = {
  readonly path: readonly PathStep[]
  readonly action: OpAction
  readonly isInsert: boolean
  readonly value: ScalarValue | undefined
}
