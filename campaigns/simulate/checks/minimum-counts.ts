/** What must have happened over 1,000 seeds, or the campaign proves less than it says; for other numbers of seeds in proportion. */
const minimums: readonly (readonly [what: string, least: number])[] = [
  ['log: a snapshot is made', 500],
  ['log: a snapshot is confirmed', 500],
  ['log: a snapshot is used', 500],
  ['log: a snapshot is false', 200],
  ['snapshots refused by the relay', 100],
  ['re-homings', 100],
  ['re-homings with unequal tails', 30],
  ['removals', 500],
  ['lies found', 100],
  ['edits kept', 10_000],
  ['tails of journals lost', 500],
  ['crashes of relays', 500],
  ['devices without later keys', 500],
]

/** Fewer seeds than these say nothing about how often something happens. */
const leastSeeds = 100

export type Shortfall = { readonly what: string; readonly count: number; readonly least: number }

/** What happened too seldom. */
export const findShortfalls = (seeds: number, counts: ReadonlyMap<string, number>): readonly Shortfall[] =>
  seeds < leastSeeds
    ? []
    : minimums
        .map(([what, least]) => ({ what, count: counts.get(what) ?? 0, least: Math.floor((least * seeds) / 1000) }))
        .filter(({ count, least }) => count < least)
