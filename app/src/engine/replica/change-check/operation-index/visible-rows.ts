import { createGrowableInts } from './growable-ints.ts'

/**
 * A place that holds values: a key of a map or an element of a list, as one number. For a key: (1 + row of the object) × 2^26 + number of the key. For an
 * element, which belongs to one list: −1 − its row.
 */
export type PlaceNumber = number

/** Highest number of rows, and of keys, for which places are exact integers. */
export const maxRows = 2 ** 26
/** `object`: −1 is the root. */
export const keyPlace = (object: number, key: number): PlaceNumber => (1 + object) * maxRows + key
export const elementPlace = (row: number): PlaceNumber => -1 - row

/** Which rows overwrite a row, and which rows are visible at a place. */
export type VisibleRows = {
  /** The next row. `preds`: earlier rows at the same place. A deletion is never visible. */
  readonly add: (row: {
    readonly place: PlaceNumber
    readonly preds: readonly number[]
    readonly isDelete: boolean
  }) => void
  readonly overwritesOf: (row: number) => readonly number[]
  readonly at: (place: PlaceNumber) => readonly number[]
}

export const createVisibleRows = (): VisibleRows => {
  /** The first row that overwrites each row, plus one; 0: none. More than one are rare. */
  const first = createGrowableInts()
  const more = new Map<number, number[]>()
  /** One row, or several in a conflict. An element that was only inserted is not listed. */
  const listed = new Map<PlaceNumber, number | readonly number[]>()
  const overwrite = (row: number, by: number): void => {
    if (first.at(row) === 0) first.set(row, by + 1)
    else more.set(row, [...(more.get(row) ?? []), by])
  }
  const isVisible = (row: number): boolean => first.at(row) === 0
  const at = (place: PlaceNumber): readonly number[] => {
    const rows = listed.get(place)
    if (rows !== undefined) return typeof rows === 'number' ? [rows] : rows
    const inserted = elementPlace(place)
    return inserted >= 0 && inserted < first.length() && isVisible(inserted) ? [inserted] : []
  }
  const list = (place: PlaceNumber, rows: readonly number[]): void => {
    const [only] = rows
    if (only === undefined || (rows.length === 1 && only === elementPlace(place))) listed.delete(place)
    else listed.set(place, rows.length === 1 ? only : rows)
  }
  return {
    add: ({ place, preds, isDelete }) => {
      const row = first.length()
      const before = at(place)
      first.push(0)
      for (const pred of preds) overwrite(pred, row)
      const rest = before.filter(isVisible)
      list(place, isDelete ? rest : [...rest, row])
    },
    overwritesOf: (row) => (isVisible(row) ? [] : [first.at(row) - 1, ...(more.get(row) ?? [])]),
    at,
  }
}
