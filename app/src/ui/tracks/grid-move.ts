/** A place in a track grid; `stop` is the index among the focusable elements of the row: play button, links, menu button. */
export type GridPlace = { readonly row: number; readonly stop: number }
export type GridSize = {
  readonly rows: number
  readonly stops: number
  /** Rows that PageUp and PageDown move by. */ readonly page: number
}

/** The place that a key moves to; undefined when the grid does not handle the key. */
export const gridMove = (
  key: string,
  { row, stop }: GridPlace,
  { rows, stops, page }: GridSize,
): GridPlace | undefined => {
  const last = rows - 1
  const places: Readonly<Record<string, GridPlace>> = {
    ArrowDown: { row: Math.min(last, row + 1), stop },
    ArrowUp: { row: Math.max(0, row - 1), stop },
    PageDown: { row: Math.min(last, row + page), stop },
    PageUp: { row: Math.max(0, row - page), stop },
    Home: { row: 0, stop: 0 },
    End: { row: last, stop: 0 },
    ArrowRight: { row, stop: Math.min(stops - 1, stop + 1) },
    ArrowLeft: { row, stop: Math.max(0, stop - 1) },
  }
  return rows === 0 ? undefined : places[key]
}
