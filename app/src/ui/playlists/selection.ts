/** Selected entries of a list. `anchor`: where a range begins. */
export type Selection = { readonly ids: ReadonlySet<string>; readonly anchor: string | undefined }

export const noSelection: Selection = { ids: new Set(), anchor: undefined }

/** `only`: this entry alone. `toggle`: this one more or less. `range`: all from the anchor to this one. */
export type SelectHow = 'only' | 'toggle' | 'range'

/** The selection after an entry of `order` was chosen. */
export const selectEntry = (
  selection: Selection,
  order: readonly string[],
  { id, how }: { readonly id: string; readonly how: SelectHow },
): Selection => {
  const anchor = order.indexOf(selection.anchor ?? '')
  const end = order.indexOf(id)
  if (how === 'range' && anchor >= 0 && end >= 0)
    return { ids: new Set(order.slice(Math.min(anchor, end), Math.max(anchor, end) + 1)), anchor: selection.anchor }
  if (how !== 'toggle') return { ids: new Set([id]), anchor: id }
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, anchor: id }
}

/** The selection without entries that are gone; the same object when none is. */
export const withoutGone = (selection: Selection, order: readonly string[]): Selection => {
  if (selection.ids.size === 0) return selection
  const there = new Set(order)
  const ids = [...selection.ids].filter((id) => there.has(id))
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) }
}

/** The index that moved entries get when they are dropped before the row `dropRow` of `order`. */
export const indexOfDrop = (order: readonly string[], moved: ReadonlySet<string>, dropRow: number): number =>
  order.slice(0, dropRow).filter((id) => !moved.has(id)).length
