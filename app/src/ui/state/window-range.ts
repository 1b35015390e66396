/** Rows of equal height in a scrolling box, measured in pixels from the top of the list. */
export type Viewport = {
  readonly top: number
  readonly height: number
  readonly rowHeight: number
  readonly count: number
}

/** First and last row to draw, both included, with `margin` more rows on each side. Last is −1 for an empty list. */
export const windowRange = (
  { top, height, rowHeight, count }: Viewport,
  margin: number,
): { first: number; last: number } => {
  const first = Math.floor(top / rowHeight) - margin
  const last = Math.ceil((top + height) / rowHeight) + margin
  return { first: Math.max(0, Math.min(first, count - 1)), last: Math.min(count - 1, Math.max(last, 0)) }
}
