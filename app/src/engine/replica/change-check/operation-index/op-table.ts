import type { ChangeGraph } from './change-graph.ts'
import { createGrowableIntLists, createGrowableInts } from './growable-ints.ts'
import type { OpAction, OpId, OpRecord } from './op-record.ts'
import { createTextNumbers } from './text-numbers.ts'
import { createVisibleRows, elementPlace, keyPlace, maxRows, type PlaceNumber } from './visible-rows.ts'

// The operations of a document, one row each: about 24 bytes, and what is visible at each place.

const actionNames: readonly OpAction[] = ['set', 'del', 'makeMap', 'makeList', 'makeText']
const placeKinds: readonly OpRecord['place']['kind'][] = ['key', 'element', 'insert']
/** The row of the root object, and the element before the first one. */
const none = -1

export type OpTable = ReturnType<typeof createOpTable>

export const createOpTable = (graph: ChangeGraph) => {
  const shapes = createGrowableInts()
  const objects = createGrowableInts()
  /** The number of the key, or the row of the element. */
  const places = createGrowableInts()
  const preds = createGrowableIntLists()
  const keys = createTextNumbers()
  const visible = createVisibleRows()

  const kindOf = (row: number): OpRecord['place']['kind'] => placeKinds[shapes.at(row) >> 3] ?? 'key'
  const placeOf = (row: number): PlaceNumber => {
    const kind = kindOf(row)
    if (kind === 'key') return keyPlace(objects.at(row), places.at(row))
    return elementPlace(kind === 'insert' ? row : places.at(row))
  }
  const add = ({ action, object, place, preds: ids }: OpRecord): void => {
    const row = shapes.length()
    if (row >= maxRows) throw new Error('a document has too many operations for the index')
    const predRows = ids.map((id) => rowOf(graph, id))
    shapes.push(actionNames.indexOf(action) | (placeKinds.indexOf(place.kind) << 3))
    objects.push(rowOf(graph, object))
    if (place.kind === 'key') places.push(keys.numberOf(place.key))
    else places.push(rowOf(graph, place.kind === 'insert' ? place.after : place.element))
    preds.push(predRows)
    visible.add({ place: placeOf(row), preds: predRows, isDelete: action === 'del' })
  }
  const idOf = (row: number, otherwise: '_root' | '_head'): OpId => (row === none ? otherwise : graph.idOf(row))
  const readPlace = (row: number): OpRecord['place'] => {
    const kind = kindOf(row)
    if (kind === 'key') return { kind, key: keys.textOf(places.at(row)) }
    const element = idOf(places.at(row), '_head')
    return kind === 'insert' ? { kind, after: element } : { kind, element }
  }
  return {
    /** Adds the next operation of the change that was added to the graph last. Throws when it names an operation that was not added. */
    add,
    at: (row: number): OpRecord => ({
      action: actionNames[shapes.at(row) & 7] ?? 'set',
      object: idOf(objects.at(row), '_root'),
      place: readPlace(row),
      preds: preds.at(row).map((pred) => graph.idOf(pred)),
    }),
    placeOf,
    predsOf: preds.at,
    overwritesOf: visible.overwritesOf,
    /** Rows at a place that no indexed operation overwrites. */
    visibleAt: visible.at,
    /** The place that a key or an element names; undefined if no operation was ever there. */
    findPlace: (object: OpId, place: { key: string } | { element: OpId }): PlaceNumber | undefined => {
      if ('element' in place) {
        const element = graph.rowOf(place.element)
        return element === undefined ? undefined : elementPlace(element)
      }
      const row = object === '_root' ? none : graph.rowOf(object)
      const key = keys.find(place.key)
      return row === undefined || key === undefined ? undefined : keyPlace(row, key)
    },
  }
}

const rowOf = (graph: ChangeGraph, id: OpId): number => {
  const row = id === '_root' || id === '_head' ? none : graph.rowOf(id)
  if (row === undefined) throw new Error('an operation was indexed before one that it names')
  return row
}
