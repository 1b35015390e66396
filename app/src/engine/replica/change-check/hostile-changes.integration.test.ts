import { describe, expect, it } from 'vitest'
import { checkHostile, harmOf, hostileCase, hostileKinds } from './hostile-changes.testkit.ts'

// A short sample; `npm run campaign -- hostile-changes` tries thousands.

describe('hostile changes', () => {
  it('[CC2] leave a document that saves, loads and can be edited, or are void', () => {
    const harms: unknown[] = []
    for (const kind of Object.keys(hostileKinds)) {
      for (const seed of [1, 2, 3]) {
        const hostile = hostileCase(kind, seed)
        const verdict = checkHostile(hostile)
        if (verdict.kind === 'void') continue
        const harm = hostile.mayPass ? harmOf(hostile, verdict) : 'was accepted'
        if (harm !== undefined) harms.push({ kind, seed, harm })
      }
    }
    expect(harms).toEqual([])
  })

  it('[CC2] would be found: each of these breaks a document that applies it unchecked', () => {
    for (const kind of ['startOp', 'unknownObject', 'reusedCounters', 'deleteNothing']) {
      const broken = [1, 2, 3, 4, 5, 6, 7, 8].filter((seed) => {
        const hostile = hostileCase(kind, seed)
        return harmOf(hostile, { kind: 'ok', changes: [] }) !== undefined
      })
      expect([kind, broken.length > 0]).toEqual([kind, true])
    }
  })
})
