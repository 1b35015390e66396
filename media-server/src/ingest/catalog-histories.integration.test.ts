import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyHistory, replayHistory } from './catalog-histories.testkit.ts'

it(
  '[CT8] [CT14] any history of files, uploads, flags and kills ends in the catalog of its final state',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const { ghosts, lived, fresh } = await replayHistory(history)
        expect(ghosts).toEqual([])
        expect(lived).toEqual(fresh)
      }),
      { numRuns: 60, endOnFailure: true },
    )
  },
)
