import type { ChangeGraph } from './change-graph.ts'
import { createGrowableInts } from './growable-ints.ts'
import type { OpAction, OpId, OpRecord } from './op-record.ts'

// The operations of a document, one row each: about 24 bytes, and what is visible at each place.

const actionNames: readonly OpAction[] = ['set', 'del', 'makeMap', 'makeList', 'makeText']
const placeKinds: readonly OpRecord['place']['kind'][] = ['key', 'element', 'insert']
/** The row of the root object, and the element before the first one. */
const none = -1

/** A place that holds values: the row of an object (−1: the root), and the number of a key, or −2 − row of an element. */
export type PlaceNumber = { readonly object: number; readonly slot: number }

export type OpTable = ReturnType<typeof createOpTable>

export const createOpTable = (graph: ChangeGraph) => {
  const shapes = createGrowableInts()
  const objects = createGrowableInts()
  /** The number of the key, or the row of the element. */
  const places = createGrowableInts()
  const predStarts = createGrowableInts()
  const preds = createGrowableInts()
  /** The first row that overwrites each row, plus one; 0: none. More than one are rare. */
  const firstOverwrites = createGrowableInts()
  const moreOverwrites = new Map<number, number[]>()
  const keys: string[] = []
  const keyNumbers = new Map<string, number>()
  const visible = new Map<number, Map<number, readonly number[]>>()
  predStarts.push(0)

  const rowOf = (id: OpId): number => {
    const row = id === '_root' || id === '_head' ? none : graph.rowOf(id)
    if (row === undefined) throw new Error('an operation was indexed before one that it names')
    return row
  }
  const keyNumberOf = (key: string): number => {
    const known = keyNumbers.get(key) ?? keys.length
    if (known === keys.length) {
      keys.push(key)
      keyNumbers.set(key, known)
    }
    return known
  }
  const placeOf = (row: number): PlaceNumber => {
    const kind = placeKinds[shapes.at(row) >> 3]
    const place = kind === 'insert' ? row : places.at(row)
    return { object: objects.at(row), slot: kind === 'key' ? place : -2 - place }
  }
  const overwritesOf = (row: number): readonly number[] => {
    const first = firstOverwrites.at(row)
    return first === 0 ? [] : [first - 1, ...(moreOverwrites.get(row) ?? [])]
  }
  const predsOf = (row: number): number[] =>
    Array.from({ length: predStarts.at(row + 1) - predStarts.at(row) }, (_, index) =>
      preds.at(predStarts.at(row) + index),
    )
  const overwrite = (row: number, by: number): void => {
    if (firstOverwrites.at(row) === 0) firstOverwrites.set(row, by + 1)
    else moreOverwrites.set(row, [...(moreOverwrites.get(row) ?? []), by])
  }
  const show = (row: number, isDelete: boolean): void => {
    const { object, slot } = placeOf(row)
    const slots = visible.get(object) ?? new Map<number, readonly number[]>()
    visible.set(object, slots)
    const rest = (slots.get(slot) ?? []).filter((other) => firstOverwrites.at(other) === 0)
    const now = isDelete ? rest : [...rest, row]
    if (now.length === 0) slots.delete(slot)
    else slots.set(slot, now)
  }
  const add = (op: OpRecord): void => {
    const row = shapes.length()
    const { place } = op
    shapes.push(actionNames.indexOf(op.action) | (placeKinds.indexOf(place.kind) << 3))
    objects.push(rowOf(op.object))
    if (place.kind === 'key') places.push(keyNumberOf(place.key))
    else places.push(rowOf(place.kind === 'insert' ? place.after : place.element))
    firstOverwrites.push(0)
    for (const pred of op.preds) {
      preds.push(rowOf(pred))
      overwrite(rowOf(pred), row)
    }
    predStarts.push(preds.length())
    show(row, op.action === 'del')
  }
  const idOf = (row: number, otherwise: '_root' | '_head'): string => (row === none ? otherwise : graph.idOf(row))
  const readPlace = (row: number): OpRecord['place'] => {
    const place = places.at(row)
    const kind = placeKinds[shapes.at(row) >> 3] ?? 'key'
    if (kind === 'key') return { kind, key: keys[place] ?? '' }
    return kind === 'insert' ? { kind, after: idOf(place, '_head') } : { kind, element: idOf(place, '_head') }
  }
  return {
    /** Adds the next operation of the change that was added to the graph last. */
    add,
    at: (row: number): OpRecord => ({
      action: actionNames[shapes.at(row) & 7] ?? 'set',
      object: idOf(objects.at(row), '_root'),
      place: readPlace(row),
      preds: predsOf(row).map((pred) => graph.idOf(pred)),
    }),
    placeOf,
    predsOf,
    overwritesOf,
    /** The place that a key or an element names, if any operation was ever there. */
    findPlace: (object: OpId, place: { key: string } | { element: OpId }): PlaceNumber | undefined => {
      const objectRow = object === '_root' ? none : graph.rowOf(object)
      const number = 'key' in place ? keyNumbers.get(place.key) : graph.rowOf(place.element)
      if (objectRow === undefined || number === undefined) return undefined
      return { object: objectRow, slot: 'key' in place ? number : -2 - number }
    },
    /** Rows at a place that no indexed operation overwrites. */
    visibleAt: ({ object, slot }: PlaceNumber): readonly number[] => visible.get(object)?.get(slot) ?? [],
  }
}
