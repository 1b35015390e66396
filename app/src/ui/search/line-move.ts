/** The position of the focus on a page of lines; `stop` is the index within the line. */
export type LinePlace = { readonly line: number; readonly stop: number }
/** A line with its number of stops. `isRow`: the stops are side by side, else below each other. */
export type Line = { readonly stops: number; readonly isRow: boolean }

const directions: Readonly<Record<string, { readonly by: 1 | -1; readonly isRow: boolean }>> = {
  ArrowDown: { by: 1, isRow: false },
  ArrowUp: { by: -1, isRow: false },
  ArrowRight: { by: 1, isRow: true },
  ArrowLeft: { by: -1, isRow: true },
}

/** Where an arrow key moves the focus; the search field is above the first line. undefined: the key is not handled here. */
export const lineMove = (key: string, place: LinePlace, lines: readonly Line[]): LinePlace | 'field' | undefined => {
  const direction = directions[key]
  const here = lines[place.line]
  if (direction === undefined || here === undefined) return undefined
  const stop = place.stop + direction.by
  if (direction.isRow === here.isRow && stop >= 0 && stop < here.stops) return { line: place.line, stop }
  return direction.isRow ? undefined : otherLine(place.line + direction.by, direction.by, lines)
}

const otherLine = (line: number, by: 1 | -1, lines: readonly Line[]): LinePlace | 'field' | undefined => {
  const next = lines[line]
  if (next === undefined) return by < 0 ? 'field' : undefined
  return { line, stop: by < 0 && !next.isRow ? next.stops - 1 : 0 }
}
