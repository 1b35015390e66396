import { describe, expect, it } from 'vitest'
import type { EngineOutcome } from './run-engine.ts'
import { comparisonRows, ownRows, peerRows } from './search-rows.ts'

const outcome = (ms: readonly number[], isRight: readonly boolean[]): EngineOutcome => ({
  reports: [
    { kind: 'built', buildMs: 2000, memory: 3e6, peakMemory: 4e6, indexBytes: undefined },
    { kind: 'times', via: 'call', times: { kind: 'exact', ms, isRight, total: 4, rounds: 1 } },
  ],
  failure: undefined,
})

describe('the rows of the search benchmark', () => {
  it('have levels and no physical limit', () => {
    const rows = ownRows('1M', outcome([1, 2, 3, 4], [true, true, true, false]))
    expect(rows.every((one) => one.limit === undefined)).toBe(true)
    expect(rows.map(({ case: name, metric, value, level }) => [name, metric, value, level])).toEqual([
      ['build, 1M', 'time', 2, 30],
      ['steady, 1M', 'memory', 3, 500],
      ['build, 1M', 'peak memory', 4, undefined],
      ['exact, 1M', 'p50', 3, undefined],
      ['exact, 1M', 'p99', 4, 5],
      ['exact, 1M', 'success@1', 0.75, 0.97],
    ])
  })

  it('have the levels of a million tracks at that size only', () => {
    const rows = ownRows('10k', outcome([1, 2], [true, true]))
    expect(rows.filter((one) => one.level !== undefined).map(({ metric }) => metric)).toEqual(['p99'])
  })

  it('compare only the queries that the peer answered', () => {
    const own = outcome([1, 2, 30, 40], [false, true, false, false])
    const peer = outcome([10, 20], [true, true])
    expect(
      comparisonRows('Peer', '10k', { own, peer }).map(({ metric, value, peerValue }) => [metric, value, peerValue]),
    ).toEqual([
      ['p50', 2, 20],
      ['p99', 2, 20],
      ['success@1', 0.5, 1],
    ])
  })

  it('say when a peer did not finish', () => {
    const unfinished = { reports: [], failure: 'did not finish in 300 s' }
    expect(peerRows('Peer', '1M', { outcome: unfinished, memory: undefined, limitSeconds: 300 })).toMatchObject([
      { case: 'Peer: build, 1M', metric: 'did not finish in', value: 300, unit: 's' },
    ])
  })
})
