import * as Automerge from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeOf, chunkOf, contentOf, partsOf, withChecksum } from './hostile/change-bytes.testkit.ts'
import { changeLimits } from './change-limits.ts'
import { anySteps, playHistory } from './honest-history.testkit.ts'
import { scanChange } from './scan-change.ts'

describe('scanChange', () => {
  it('[CC5] counts the operations, predecessors and key bytes that decoding gives', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        for (const bytes of playHistory(steps).sealed.flatMap(({ changes }) => changes)) {
          const { ops } = Automerge.decodeChange(bytes) as { ops: { pred?: string[]; key?: string }[] }
          expect(scanChange(bytes, changeLimits)).toEqual({
            ops: ops.length,
            preds: ops.reduce((sum, { pred = [] }) => sum + pred.length, 0),
            keyBytes: ops.reduce((sum, { key = '' }) => sum + key.length, 0),
          })
        }
      }),
      { numRuns: 10 },
    )
  })

  it('[CC4] never throws and counts no more than the limits, whatever the bytes are', () => {
    const isBounded = (bytes: Uint8Array): void => {
      const sizes = scanChange(bytes, changeLimits)
      if (typeof sizes === 'string') return
      expect(sizes.ops).toBeLessThanOrEqual(changeLimits.maxOps)
      expect(sizes.preds).toBeLessThanOrEqual(changeLimits.maxPreds)
      expect(sizes.keyBytes).toBeLessThanOrEqual(changeLimits.maxKeyBytes)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (content) => isBounded(chunkOf(1, content))))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), isBounded))
  })

  it('[CC4] takes a change apart as Automerge does', () => {
    const change = Automerge.getLastLocalChange(
      Automerge.change(Automerge.init<{ a: number }>(), (draft) => void (draft.a = 1)),
    )!
    expect(changeOf(partsOf(change))).toEqual(change)
    expect(chunkOf(1, contentOf(change))).toEqual(change)
    expect(withChecksum(change)).toEqual(change)
  })
})
