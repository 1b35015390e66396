import { describe, expect, it } from 'vitest'
import { hostileBytes } from './hostile-bytes.testkit.ts'
import { checkHostile, harmOf, hostileCase } from './hostile-changes.testkit.ts'
import { hostileOperations } from './hostile-operations.testkit.ts'
import { largeChanges } from './large-changes.testkit.ts'

// A short sample; `npm run campaign -- hostile-changes` tries thousands.

const harmOfKind = (kind: string, seed: number): string | undefined => {
  const hostile = hostileCase(kind, seed)
  const verdict = checkHostile(hostile)
  if (verdict.kind === 'void') return undefined
  const harm = hostile.mayPass ? harmOf(hostile, verdict) : 'was accepted'
  return harm === undefined ? undefined : `${kind}, seed ${seed}: ${harm}`
}

describe('hostile changes', () => {
  it('[CC2] leave a document that saves, loads and can be edited, or are void', () => {
    const kinds = Object.keys({ ...hostileBytes, ...hostileOperations })
    expect(kinds.flatMap((kind) => [harmOfKind(kind, 1), harmOfKind(kind, 2)]).filter(Boolean)).toEqual([])
  })

  for (const kind of Object.keys(largeChanges))
    it(`[CC2] do no harm as large as the limits permit: ${kind}`, () => {
      expect(harmOfKind(kind, 1)).toBeUndefined()
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
