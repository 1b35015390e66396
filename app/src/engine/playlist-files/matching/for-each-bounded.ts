/** Runs `act` for each item, at most `limit` at a time. Rejects with the first failure; items that were not begun then are not begun. */
export const forEachBounded = async <T>(
  items: readonly T[],
  limit: number,
  act: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next
      next += 1
      const item = items[index]
      if (item !== undefined) await act(item, index)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work))
  } finally {
    next = items.length
  }
}
