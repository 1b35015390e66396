/** How many of the first sizes fit into `most` together; at least one if there is one. */
export const countWithin = (sizes: readonly number[], most: number): number => {
  let total = 0
  const tooMany = sizes.findIndex((size, index) => (total += size) > most && index > 0)
  return tooMany < 0 ? sizes.length : tooMany
}
