import * as Automerge from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeLimits } from './change-limits.ts'
import { createChangeCheck } from './create-change-check.ts'
import { createDocumentIndex, type DocumentIndex } from './document-index.ts'
import { anySteps, firstDocument, playHistory, type Sealed } from './honest-history.testkit.ts'
import { readTrustedChanges } from './decode-change.ts'

const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })

const firstIndex = (): DocumentIndex =>
  createDocumentIndex([{ envelope: undefined, changes: readTrustedChanges(Automerge.getAllChanges(firstDocument())) }])

const checkSealed = (index: DocumentIndex, { actor, changes, past, follows }: Sealed) =>
  check({ actor, changes, index, isPast: (id) => past.has(id), follows })

describe('createChangeCheck', () => {
  it('[CC1] accepts all changes of honest devices', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const index = firstIndex()
        for (const envelope of playHistory(steps).sealed) {
          const verdict = checkSealed(index, envelope)
          if (verdict.kind === 'void') throw new Error(JSON.stringify(verdict))
          index.add({ envelope: envelope.id, changes: verdict.changes })
        }
      }),
      { numRuns: 100 },
    )
  })
})
