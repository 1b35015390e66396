/**
 * A text in a document. Automerge stores it as one value (`ImmutableString`), not as letters that are merged one by one; in a plain object it is a string.
 */
export type Text = string | { readonly val: string }

/**
 * What an operation gets beside the draft. `immutable` makes the stored form of a text: `(text) => new ImmutableString(text)` in an Automerge draft,
 * `(text) => text` in a plain object. `before`: the document as it was when the change began, if this is the first intent of the change; reading a long
 * list there takes 2 ms, in a draft of Automerge 100 ms.
 */
export type DraftTools<Document> = { readonly immutable: (text: string) => Text; readonly before?: Document }

/** The string of a text in a document; empty when the value is missing or no text. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null && 'val' in value && typeof value.val === 'string' ? value.val : ''
}

/** The string of a text in a document; undefined when it is missing or no text. */
export const optionalTextOf = (value: unknown): string | undefined =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && 'val' in value)
    ? textOf(value)
    : undefined
