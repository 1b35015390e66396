/** Numbers by group: numbers[starts[group] .. starts[group + 1]], in the order in which they were given. */
export type Groups = { readonly starts: Uint32Array; readonly numbers: Uint32Array }

/** Counting sort: `give` is called twice and must give the same numbers both times. */
export const groupNumbers = (groups: number, give: (add: (group: number, number: number) => void) => void): Groups => {
  const starts = new Uint32Array(groups + 2)
  give((group) => {
    starts[group + 2] = (starts[group + 2] ?? 0) + 1
  })
  for (let group = 2; group < starts.length; group++) starts[group] = (starts[group] ?? 0) + (starts[group - 1] ?? 0)
  const numbers = new Uint32Array(starts.at(-1) ?? 0)
  give((group, number) => {
    // starts[group + 1] is the next free place of the group; at the end it is the start of the next group.
    const at = starts[group + 1] ?? 0
    numbers[at] = number
    starts[group + 1] = at + 1
  })
  return { starts: starts.subarray(0, groups + 1), numbers }
}
