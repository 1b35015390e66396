/**
 * What the schema of a document is asked about an operation; crdt's `isPermitted` takes the same shape. `container`: keys from the root to the map or list
 * that is changed. `key`: of a map; undefined for an element of a list. Objects inside lists are refused without asking.
 */
export type SchemaOperation = { readonly container: readonly string[] } & (
  | { readonly action: 'make'; readonly key: string | undefined; readonly value: 'map' | 'list' | 'text' }
  | { readonly action: 'set'; readonly key: string | undefined; readonly value: ScalarValue }
  | { readonly action: 'delete'; readonly key: string | undefined }
  | { readonly action: 'insert'; readonly value: ScalarValue }
)

/** A string is an ImmutableString; a number an integer or a float. */
export type ScalarValue = string | number | boolean | null
