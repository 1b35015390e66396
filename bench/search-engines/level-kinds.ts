import type { QueryKind } from '../catalogue/query.ts'

/** The kinds for which levels are stated: those that the peers are asked too. */
export const levelKinds = [
  'exact',
  'cut-off prefix',
  'one typo',
  'two typos',
  'artist',
] as const satisfies readonly QueryKind[]

/** Share of right first hits at a million tracks, by kind (design of discovery). */
export const qualityLevels: Readonly<Partial<Record<QueryKind, number>>> = {
  exact: 0.97,
  'one typo': 0.945,
  'two typos': 0.91,
  'cut-off prefix': 0.95,
  artist: 0.9,
}

export const speedLevels = { p99Ms: 5, buildSeconds: 30, steadyBytes: 500e6, swapBytes: 1000e6 } as const
