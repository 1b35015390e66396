// What the check keeps of an accepted change: enough to check the references of later ones. Values are not kept.

/** `counter@actor`, as Automerge writes it; `_root` for the root object, `_head` for the place before the first element. */
export type OpId = string

export type OpAction = 'set' | 'del' | 'makeMap' | 'makeList' | 'makeText'

/** An operation without its value. Its id follows from its place in the change. */
export type OpRecord = {
  readonly action: OpAction
  /** The operation that made the object, or the root. */
  readonly object: OpId
  /** Where in the object: a key of a map, or an element of a list. An insertion names the element before it. */
  readonly place:
    | { readonly kind: 'key'; readonly key: string }
    | { readonly kind: 'element'; readonly element: OpId }
    | { readonly kind: 'insert'; readonly after: OpId }
  /** The operations that this one overwrites. */
  readonly preds: readonly OpId[]
}

export type ChangeRecord = {
  /** SHA-256, hexadecimal. */
  readonly hash: string
  readonly actor: string
  readonly seq: number
  /** Counter of the first operation. */
  readonly startOp: number
  /** Counter of the last operation; `startOp - 1` if there is none. */
  readonly maxOp: number
  readonly deps: readonly string[]
  readonly ops: readonly OpRecord[]
}

export const opIdOf = (counter: number, actor: string): OpId => `${counter}@${actor}`

/** Only for ids that Automerge has written. */
export const splitOpId = (id: OpId): { counter: number; actor: string } => {
  const at = id.indexOf('@')
  return { counter: Number(id.slice(0, at)), actor: id.slice(at + 1) }
}

/** The order by which Automerge chooses among conflicting values: the last one wins. */
export const compareOpIds = (a: OpId, b: OpId): number => {
  const [left, right] = [splitOpId(a), splitOpId(b)]
  if (left.counter !== right.counter) return left.counter - right.counter
  return left.actor < right.actor ? -1 : Number(left.actor > right.actor)
}

/** What a later operation must name as its target to overwrite this one: the object, and its key or element. `id`: of the operation itself. */
export const targetOf = (id: OpId, { object, place }: OpRecord): string => {
  if (place.kind === 'key') return `${object} key ${place.key}`
  return `${object} element ${place.kind === 'insert' ? id : place.element}`
}
