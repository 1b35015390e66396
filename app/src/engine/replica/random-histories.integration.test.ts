import { expect, test } from 'vitest'
import { playRandomHistory } from './random-histories.testkit.ts'

const seeds = Number(process.env['TONESTEAD_SEEDS'] ?? 3)
const firstSeed = Number(process.env['TONESTEAD_FIRST_SEED'] ?? 1)

test('[RP26] after any history all members show the same, every answered edit counts once, and nobody is frozen', async () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const { entries, statuses, added, removed, counts } = await playRandomHistory(seed)
    const about = `seed ${seed} ${JSON.stringify(counts)}`
    for (const status of statuses)
      expect(status, about).toMatchObject({ kind: 'open', pending: 0, waiting: 0, isKeyMissing: false, isStale: false })
    for (const other of entries) expect(other, about).toEqual(entries[0])
    expect(new Set(entries[0]).size, about).toBe(entries[0]!.length)
    const shown = new Set(entries[0])
    for (const entry of added) expect(shown.has(entry) || removed.has(entry), `${about}: ${entry}`).toBe(true)
    for (const entry of shown) expect(added.has(entry), `${about}: ${entry}`).toBe(true)
  }
})
