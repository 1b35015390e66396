/**
 * Where entries go. `after` an entry that is gone: where its last slot was, or at the end when that is gone too [OR5].
 */
export type Place =
  { readonly kind: 'start' } | { readonly kind: 'end' } | { readonly kind: 'after'; readonly entry: string }

/** Entries that go to one place, in this order. */
export type Run = { readonly ids: readonly string[]; readonly place: Place }

/** [UN1] Runs that bring `ids` to where they are in `order`: neighbours in `order` make one run. */
export const runsIn = (order: readonly string[], ids: ReadonlySet<string>): Run[] => {
  const runs: { ids: string[]; place: Place }[] = []
  let before: string | undefined
  let isRunning = false
  for (const id of order) {
    if (!ids.has(id)) isRunning = false
    else if (isRunning) runs.at(-1)?.ids.push(id)
    else {
      runs.push({ ids: [id], place: before === undefined ? { kind: 'start' } : { kind: 'after', entry: before } })
      isRunning = true
    }
    before = id
  }
  return runs
}
