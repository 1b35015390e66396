import type { QueryKind } from '../catalog/query.ts'

/** The kinds of queries that have a level. The peers get these kinds only. */
export const kindsWithLevel = [
  'exact',
  'cut-off prefix',
  'one typo',
  'two typos',
  'artist',
] as const satisfies readonly QueryKind[]

/** Levels for the share of queries whose first hit is right, at a million tracks. */
export const qualityLevels: Readonly<Partial<Record<QueryKind, number>>> = {
  exact: 0.97,
  'one typo': 0.945,
  'two typos': 0.91,
  'cut-off prefix': 0.95,
  artist: 0.9,
}

/** The time of a query; at a million tracks also the time of a build, and memory at rest and while a new index takes over. */
export const speedLevels = { p99Ms: 5, buildSeconds: 30, steadyBytes: 500e6, swapBytes: 1000e6 } as const
