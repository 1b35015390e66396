import type { CausalPast } from './causal-past.ts'
import type { DocumentIndex } from './document-index.ts'
import type { OpId } from './op-record.ts'
import type { PlaceNumber } from './visible-rows.ts'

/** What a new operation sees at a place: the operations of its past that no operation of its past overwrites. */
export type VisibleOps = (object: OpId, place: { key: string } | { element: OpId }) => OpId[]

/** Takes one step for each operation that is concurrent with the envelope, once. */
export const createVisibleOps = ({ graph, ops }: DocumentIndex, past: CausalPast): VisibleOps => {
  // An operation that only concurrent ones overwrite is visible too.
  let hidden: ReadonlyMap<PlaceNumber, readonly number[]> | undefined
  const isPast = (row: number): boolean => past.has(graph.changeOfRow(row))
  return (object, where) => {
    const place = ops.findPlace(object, where)
    if (place === undefined) return []
    hidden ??= overwrittenBy({ graph, ops }, past.concurrent)
    const rows = new Set([...ops.visibleAt(place), ...(hidden.get(place) ?? [])])
    return [...rows].filter((row) => isPast(row) && !ops.overwritesOf(row).some(isPast)).map((row) => graph.idOf(row))
  }
}

/** What concurrent changes overwrite, by place. */
const overwrittenBy = (
  { graph, ops }: Pick<DocumentIndex, 'graph' | 'ops'>,
  changes: readonly number[],
): Map<PlaceNumber, number[]> => {
  const found = new Map<PlaceNumber, number[]>()
  for (const change of changes) {
    for (let row = graph.firstRowOf(change); row < graph.firstRowOf(change + 1); row += 1) {
      const preds = ops.predsOf(row)
      if (preds.length === 0) continue
      const place = ops.placeOf(row)
      const rows = found.get(place)
      if (rows === undefined) found.set(place, preds)
      else rows.push(...preds)
    }
  }
  return found
}
