import { describe, expect, test } from 'vitest'
import { runSeeds, type SeedLine, type SeedsOptions } from './run-seeds.client.ts'

// A small sample of `npm run campaign -- simulate`.

const linesOf = async (options: Partial<SeedsOptions>): Promise<readonly SeedLine[]> => {
  const lines: SeedLine[] = []
  const wanted = { from: 1, to: 2, steps: 20, isOnce: false, isStop: false, ...options }
  await runSeeds(wanted, (line) => void lines.push(line)).done
  return lines
}

describe('the simulation of devices and relays', () => {
  test('finds all invariants to hold, and gives the same hash for the same seed', async () => {
    const lines = await linesOf({})
    expect(lines.map(({ seed, failure, isSame }) => ({ seed, failure, isSame }))).toEqual([
      { seed: 1, failure: undefined, isSame: true },
      { seed: 2, failure: undefined, isSame: true },
    ])
    expect(new Set(lines.map(({ hash }) => hash)).size).toBe(2)
  })

  test.each([
    ['who is removed stays a member', 'I4/I5', 2],
    ['an epoch is sealed for too few', 'I4/I5', 1],
  ])('finds the planted bug "%s"', async (bug, invariant, seed) => {
    const lines = await linesOf({ from: seed, to: seed, steps: 40, isOnce: true, isStop: true, bug })
    expect(lines.at(-1)?.failure).toMatchObject({ invariant })
  })

  test('refuses a bug that it does not know', async () => {
    await expect(linesOf({ bug: 'no such bug' })).rejects.toThrow('ended with code 1')
  })
})
