/** Why an intent is refused; the document is unchanged then. */
export type RefusalReason =
  /** A text, id or number that the schema does not permit. */
  | 'value-not-permitted'
  /** Steps of one intent that name the same entry or the same setting. */
  | 'contradictory'
  /** The document would have more entries than its limit. */
  | 'document-full'
  /** More entries or bytes than one intent may bring: it must be split. */
  | 'intent-too-large'

/** [IN1] What became of an intent. `unchanged`: it was applied before, or what it changes is gone. */
export type Outcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** The outcome of an intent that made `changes` changes. */
export const outcomeOf = (changes: number): Outcome => ({ kind: changes > 0 ? 'applied' : 'unchanged' })
/** The outcome of an intent that is refused. */
export const refused = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason })
