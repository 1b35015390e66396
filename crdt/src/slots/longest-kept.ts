/** [QD2] The longest list of ids that are in the same order in both lists; ids are in a list at most once. */
export const longestKept = (before: readonly string[], after: readonly string[]): Set<string> => {
  const places = new Map(before.map((id, index) => [id, index]))
  const common = after.filter((id) => places.has(id))
  // Patience: ends[n] is the index in `common` of the end of the best increasing list of length n + 1.
  const ends: number[] = []
  const previous: (number | undefined)[] = []
  const placeOf = (index: number | undefined): number => places.get(common[index ?? -1] ?? '') ?? -1
  common.forEach((_, index) => {
    const length = lowestFrom(ends, (end) => placeOf(end) >= placeOf(index))
    previous[index] = ends[length - 1]
    ends[length] = index
  })
  const kept = new Set<string>()
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) kept.add(common[index] ?? '')
  return kept
}

/** The index of the first item for which the condition holds, which then holds for all that follow. */
const lowestFrom = (items: readonly number[], holds: (item: number) => boolean): number => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(items[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}
