import * as z from 'zod/mini'
import { isList, isMap, mapOf, valueAt, type PlainMap, type PlainValue } from './plain-value.ts'

/**
 * What has to change in a value to make another one of it. `map`: keys that get a value, keys that go, and patches of the values at keys. `list`: in order;
 * `at` is the index in the new list, where so many values of the old one are left out and these come.
 */
export type DocumentPatch =
  | { readonly kind: 'value'; readonly value: PlainValue }
  | {
      readonly kind: 'map'
      readonly put: readonly (readonly [string, PlainValue])[]
      readonly remove: readonly string[]
      readonly inside: readonly (readonly [string, DocumentPatch])[]
    }
  | { readonly kind: 'list'; readonly splices: readonly Splice[] }
type Splice = { readonly at: number; readonly remove: number; readonly insert: readonly PlainValue[] }

const value = z.custom<PlainValue>((each: unknown) => each !== undefined && each !== null)
const index = z.number().check(z.gte(0))
/** A patch as another tab sends it. */
export const documentPatchSchema: z.ZodMiniType<DocumentPatch> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), value }),
  z.object({
    kind: z.literal('map'),
    put: z.array(z.tuple([z.string(), value])),
    remove: z.array(z.string()),
    get inside() {
      return z.array(z.tuple([z.string(), documentPatchSchema]))
    },
  }),
  z.object({
    kind: z.literal('list'),
    splices: z.array(z.object({ at: index, remove: index, insert: z.array(value) })),
  }),
])

/**
 * [DO3] The patch from one value to another, as large as what differs. Parts that are the same object are not looked into, so both should share
 * their parts (same-parts.ts). Undefined when nothing differs.
 */
export const differenceOf = (before: PlainValue, after: PlainValue): DocumentPatch | undefined => {
  if (before === after) return undefined
  if (isList(before) && isList(after)) {
    const splices = splicesOf(before, after)
    return splices.length === 0 ? undefined : { kind: 'list', splices }
  }
  return isMap(before) && isMap(after) ? mapDifference(before, after) : { kind: 'value', value: after }
}

const mapDifference = (before: PlainMap, after: PlainMap): DocumentPatch | undefined => {
  const put: (readonly [string, PlainValue])[] = []
  const inside: (readonly [string, DocumentPatch])[] = []
  for (const [key, next] of Object.entries(after)) {
    const known = valueAt(before, key)
    const difference = known === undefined ? undefined : differenceOf(known, next)
    if (known === undefined || difference?.kind === 'value') put.push([key, next])
    else if (difference !== undefined) inside.push([key, difference])
  }
  const remove = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return put.length + remove.length + inside.length === 0 ? undefined : { kind: 'map', put, remove, inside }
}

/**
 * One pass over both lists. Lists of documents hold slot ids, which are inserted and removed but never moved: each run of those is one splice. For other lists the
 * result is right too, but may be larger than needed.
 */
const splicesOf = (before: readonly PlainValue[], after: readonly PlainValue[]): Splice[] => {
  const remaining = new Set(before)
  const splices: Splice[] = []
  let [from, to] = [0, 0]
  while (from < before.length || to < after.length) {
    const kept = before[from]
    if (kept !== undefined && kept === after[to]) {
      remaining.delete(kept)
      from += 1
      to += 1
      continue
    }
    const splice = nextSplice({ before, after, remaining }, from, to)
    splices.push(splice)
    from += splice.remove
    to += splice.insert.length
  }
  return splices
}

type Comparison = {
  readonly before: readonly PlainValue[]
  readonly after: readonly PlainValue[]
  /** Values of `before` that were not passed yet. */
  readonly remaining: Set<PlainValue>
}

/** What differs from here on, until both lists have the same value again. */
const nextSplice = ({ before, after, remaining }: Comparison, from: number, to: number): Splice => {
  let [removed, inserted] = [from, to]
  for (;;) {
    const [old, next] = [before[removed], after[inserted]]
    if (old === next) break
    if (next !== undefined && (old === undefined || !remaining.has(next))) {
      inserted += 1
    } else if (old !== undefined) {
      remaining.delete(old)
      removed += 1
    }
  }
  return { at: to, remove: removed - from, insert: after.slice(to, inserted) }
}

/** [DO3] The value after a patch; parts that it does not name are the same objects. Throws when the patch is not one of this value. */
export const applyPatch = (before: PlainValue, patch: DocumentPatch): PlainValue => {
  if (patch.kind === 'value') return patch.value
  if (patch.kind === 'list') return isList(before) ? applySplices(before, patch.splices) : mismatch()
  return isMap(before) ? applyToMap(before, patch) : mismatch()
}

const applySplices = (before: readonly PlainValue[], splices: readonly Splice[]): PlainValue => {
  const after: PlainValue[] = []
  let from = 0
  const keep = (count: number): void => {
    if (count < 0 || from + count > before.length) mismatch()
    for (const each of before.slice(from, from + count)) after.push(each)
    from += count
  }
  for (const { at, remove, insert } of splices) {
    keep(at - after.length)
    from += remove
    for (const each of insert) after.push(each)
  }
  keep(before.length - from)
  return after
}

const applyToMap = (before: PlainMap, { put, remove, inside }: Extract<DocumentPatch, { kind: 'map' }>): PlainMap => {
  const after = new Map(Object.entries(before))
  for (const key of remove) after.delete(key)
  for (const [key, value] of put) after.set(key, value)
  for (const [key, patch] of inside) {
    const known = after.get(key)
    after.set(key, known === undefined ? mismatch() : applyPatch(known, patch))
  }
  return mapOf(after)
}

const mismatch = (): never => {
  throw new Error('a patch of another value')
}
