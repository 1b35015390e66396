import type { ChangeGraph } from './change-graph.ts'
import { createGrowableInts } from './growable-ints.ts'
import type { OpAction, OpId, OpRecord } from './op-record.ts'

// The operations of a document, one row each: about 24 bytes, and what is visible at each place.

const actionNames: readonly OpAction[] = ['set', 'del', 'makeMap', 'makeList', 'makeText']
const placeKinds: readonly OpRecord['place']['kind'][] = ['key', 'element', 'insert']
/** The row of the root object, and the element before the first one. */
const none = -1

/**
 * A place that holds values: a key of a map or an element of a list, as one number. For a key: (1 + row of the object) × 2^26 + number of the key. For an
 * element, which belongs to one list: −1 − its row.
 */
export type PlaceNumber = number
const maxRows = 2 ** 26

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
  /** One row, or several in a conflict. An element that was only inserted is not listed. */
  const visible = new Map<PlaceNumber, number | readonly number[]>()
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
  const keyPlace = (object: number, key: number): PlaceNumber => (1 + object) * maxRows + key
  const placeOf = (row: number): PlaceNumber => {
    const kind = placeKinds[shapes.at(row) >> 3]
    if (kind === 'key') return keyPlace(objects.at(row), places.at(row))
    return -1 - (kind === 'insert' ? row : places.at(row))
  }
  const overwritesOf = (row: number): readonly number[] => {
    const first = firstOverwrites.at(row)
    return first === 0 ? [] : [first - 1, ...(moreOverwrites.get(row) ?? [])]
  }
  const predsOf = (row: number): number[] => preds.slice(predStarts.at(row), predStarts.at(row + 1))
  const overwrite = (row: number, by: number): void => {
    if (firstOverwrites.at(row) === 0) firstOverwrites.set(row, by + 1)
    else moreOverwrites.set(row, [...(moreOverwrites.get(row) ?? []), by])
  }
  const visibleAt = (place: PlaceNumber): readonly number[] => {
    const listed = visible.get(place)
    if (listed !== undefined) return typeof listed === 'number' ? [listed] : listed
    return place < 0 && firstOverwrites.at(-1 - place) === 0 ? [-1 - place] : []
  }
  const show = (row: number, isDelete: boolean): void => {
    const place = placeOf(row)
    const rest = visibleAt(place).filter((other) => other !== row && firstOverwrites.at(other) === 0)
    const now = isDelete ? rest : [...rest, row]
    const [only] = now
    if (only === undefined) visible.delete(place)
    else if (now.length === 1 && only !== -1 - place) visible.set(place, only)
    else if (now.length > 1) visible.set(place, now)
    else visible.delete(place)
  }
  const add = (op: OpRecord): void => {
    const row = shapes.length()
    if (row >= maxRows) throw new Error('a document has too many operations for the index')
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
    /** The place that a key or an element names; undefined if no operation was ever there. */
    findPlace: (object: OpId, place: { key: string } | { element: OpId }): PlaceNumber | undefined => {
      if ('element' in place) {
        const element = graph.rowOf(place.element)
        return element === undefined ? undefined : -1 - element
      }
      const row = object === '_root' ? none : graph.rowOf(object)
      const key = keyNumbers.get(place.key)
      return row === undefined || key === undefined ? undefined : keyPlace(row, key)
    },
    /** Rows at a place that no indexed operation overwrites. */
    visibleAt,
  }
}
