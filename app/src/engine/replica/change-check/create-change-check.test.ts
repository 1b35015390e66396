import * as Automerge from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeLimits } from './change-limits.ts'
import { createChangeCheck } from './create-change-check.ts'
import { readTrustedChanges } from './decode-change.ts'
import { createDocumentIndex } from './operation-index/document-index.ts'
import { anySteps, firstIndex, playHistory, type Sealed } from './honest-history.testkit.ts'
import { checkHostile, hostileCase } from './hostile/hostile-changes.testkit.ts'
import { hostileBytes } from './hostile/hostile-bytes.testkit.ts'
import { hostileOperations } from './hostile/hostile-operations.testkit.ts'
import type { SchemaOperation } from './schema-operation.ts'
import type { VoidReason } from './void-reason.ts'

const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })

const checkSealed = ({ actor, changes, past, follows }: Sealed, index = firstIndex()) =>
  check({ actor, changes, index, isPast: (id) => past.has(id), follows })

/** The rule that refuses each kind of hostile body, and with which reasons. Kinds that may pass are in the integration test. */
const refusals: Readonly<Record<string, { kinds: readonly string[]; reasons: readonly VoidReason[] }>> = {
  '[CC4] refuses what is no plain change': {
    kinds: ['compressed', 'compressedZeros', 'otherChunk', 'wholeDocument', 'trailingBytes', 'twoInOne', 'extraBytes'],
    reasons: ['wrong-chunk'],
  },
  '[CC4] refuses columns and types of values that no schema uses': {
    kinds: ['compressedColumn', 'unknownColumn', 'bytesValue', 'counterValue', 'mark'],
    reasons: ['wrong-column'],
  },
  '[CC4] refuses lengths that do not fit the bytes': {
    kinds: [
      'literalRuns',
      'valueLengths',
      'counts',
      'columnOrder',
      'emptyBytes',
      'garbage',
      'truncated',
      'truncatedResealed',
      'time',
    ],
    reasons: ['malformed'],
  },
  '[CC5] refuses more than the limits, however few bytes it takes': {
    kinds: [
      'actionRuns',
      'nullRuns',
      'insertRuns',
      'predRuns',
      'keyRuns',
      'allRuns',
      'longMessage',
      'tooManyOps',
      'oversized',
      'tooManyChanges',
    ],
    reasons: ['limit', 'malformed'],
  },
  '[CC5] refuses a body without a change': { kinds: ['nothing'], reasons: ['empty'] },
  '[CC6] refuses what Automerge cannot read, and what it would write otherwise': {
    kinds: [
      'bigInteger',
      'notANumber',
      'notUtf8',
      'paddedNumber',
      'splitRuns',
      'emptyColumn',
      'actorsOrder',
      'depsOrder',
      'wrongChecksum',
    ],
    reasons: ['undecodable', 'not-canonical'],
  },
  '[CC7] refuses the actor of another feed': { kinds: ['wrongActor'], reasons: ['wrong-actor', 'limit'] },
  '[CC7] refuses a gap or a repetition in the feed': {
    kinds: ['seq', 'hugeSeq', 'sameChangeTwice', 'forkedChanges'],
    reasons: ['wrong-seq', 'malformed'],
  },
  '[CC8] refuses dependencies that are missing, unknown or doubled, and a change that does not follow the one before': {
    kinds: ['noDeps', 'unknownDep', 'sameDepTwice', 'reusedCounters'],
    reasons: ['wrong-deps'],
  },
  '[CC9] refuses a first counter that does not follow from the dependencies': {
    kinds: ['startOp', 'hugeStartOp'],
    reasons: ['wrong-start', 'limit', 'malformed'],
  },
  '[CC10] refuses references outside the causal past': {
    kinds: ['unknownObject', 'futureObject', 'concurrentObject', 'concurrentElement'],
    reasons: ['unknown-reference'],
  },
  '[CC10] refuses targets of the wrong kind': {
    kinds: ['scalarObject', 'unknownElement', 'otherList', 'keyInList', 'elementInMap', 'headWithoutInsert'],
    reasons: ['wrong-target', 'unknown-reference', 'not-permitted'],
  },
  '[CC11] refuses predecessors that are not exactly what is visible': {
    kinds: [
      'unknownPred',
      'predOfOtherKey',
      'predOfOtherObject',
      'concurrentPred',
      'doubledPred',
      'missingPred',
      'oldPred',
      'piledValues',
      'deleteNothing',
      'deleteTwice',
      'insertWithPred',
      'insertedDelete',
    ],
    reasons: ['wrong-pred'],
  },
  '[CC12] refuses operations that no schema has': {
    kinds: ['otherActions', 'actionNumbers', 'deep', 'objectInList'],
    reasons: ['not-permitted', 'limit', 'undecodable', 'malformed', 'not-canonical'],
  },
}

describe('createChangeCheck', () => {
  it('[CC1] accepts all changes of honest devices', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const index = firstIndex()
        for (const envelope of playHistory(steps).sealed) {
          const verdict = checkSealed(envelope, index)
          if (verdict.kind === 'void') throw new Error(JSON.stringify(verdict))
          index.add({ envelope: envelope.id, changes: verdict.changes })
        }
      }),
      { numRuns: 20 },
    )
  })

  it('[CC3] gives the same answer whether the index holds the past alone or everything', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const known = firstIndex()
        const sealed: Sealed[] = []
        for (const envelope of playHistory(steps).sealed) {
          const verdict = checkSealed(envelope, known)
          const past = firstIndex()
          for (const record of known.records().slice(1))
            if (record.envelope !== undefined && envelope.past.has(record.envelope)) past.add(record)
          expect(checkSealed(envelope, past)).toEqual(verdict)
          if (verdict.kind === 'ok') known.add({ envelope: envelope.id, changes: verdict.changes })
          sealed.push(envelope)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('[CC3] gives the same answer to hostile bodies without what is concurrent', () => {
    for (const kind of [
      'concurrentObject',
      'concurrentElement',
      'concurrentPred',
      'missingPred',
      'deleteTwice',
      'unknownPred',
    ]) {
      const hostile = hostileCase(kind, 3)
      const { read } = hostile.victim
      const changes = readTrustedChanges(Automerge.getAllChanges(read))
      const index = createDocumentIndex([{ envelope: undefined, changes }])
      expect(checkHostile({ ...hostile, victim: { ...hostile.victim, index } })).toEqual(checkHostile(hostile))
    }
  })

  it('[CC8] refuses a dependency that is not in the past of the envelope', () => {
    const { sealed } = playHistory([
      { kind: 'edit', device: 0, edit: 'title', pick: 1 },
      { kind: 'seal', device: 0 },
      { kind: 'edit', device: 0, edit: 'title', pick: 2 },
    ])
    const index = firstIndex()
    const [first, second] = sealed as [Sealed, Sealed]
    const verdict = checkSealed(first, index)
    if (verdict.kind === 'ok') index.add({ envelope: first.id, changes: verdict.changes })
    expect(checkSealed({ ...second, past: new Set() }, index)).toMatchObject({ reason: 'wrong-deps' })
    expect(checkSealed(second, index)).toMatchObject({ kind: 'ok' })
  })

  it('[CC8] refuses a new feed that does not follow the last change of the device', () => {
    const { sealed } = playHistory([
      { kind: 'edit', device: 0, edit: 'title', pick: 1 },
      { kind: 'seal', device: 0 },
      { kind: 'edit', device: 1, edit: 'title', pick: 2 },
    ])
    const index = firstIndex()
    const [first, other] = sealed as [Sealed, Sealed]
    const verdict = checkSealed(first, index)
    if (verdict.kind === 'void') throw new Error(verdict.reason)
    index.add({ envelope: first.id, changes: verdict.changes })
    expect(checkSealed(other, index)).toMatchObject({ kind: 'ok' })
    const follows = verdict.changes.at(-1)!.hash
    expect(checkSealed({ ...other, follows }, index)).toMatchObject({ kind: 'void', reason: 'wrong-deps' })
  })

  for (const [rule, { kinds, reasons }] of Object.entries(refusals))
    it(rule, () => {
      const outcomes = kinds.map((kind) => {
        const verdict = checkHostile(hostileCase(kind, 11))
        return { kind, outcome: verdict.kind === 'void' ? verdict.reason : 'accepted' }
      })
      expect(outcomes.filter(({ outcome }) => !reasons.some((reason) => reason === outcome))).toEqual([])
    })

  it('has a rule for each kind of hostile body', () => {
    const listed = Object.values(refusals).flatMap(({ kinds }) => kinds)
    const kinds = Object.entries({ ...hostileBytes, ...hostileOperations })
    expect(listed.toSorted()).toEqual(kinds.flatMap(([kind, { mayPass }]) => (mayPass ? [] : kind)).toSorted())
  })

  it('[CC12] asks the schema about every operation, and refuses what it does not permit', () => {
    const asked: SchemaOperation[] = []
    const [envelope] = playHistory([
      { kind: 'edit', device: 0, edit: 'add', pick: 7 },
      { kind: 'edit', device: 0, edit: 'tag', pick: 8 },
      { kind: 'edit', device: 0, edit: 'remove', pick: 9 },
    ]).sealed as [Sealed]
    const watching = createChangeCheck({ permits: (operation) => asked.push(operation) > 0, limits: changeLimits })
    expect(watching.check({ ...envelope, index: firstIndex(), isPast: () => true })).toMatchObject({ kind: 'ok' })
    const entry = ['entries', 'entry-7']
    expect(asked).toEqual([
      { container: ['entries'], action: 'make', key: 'entry-7', value: 'map' },
      { container: entry, action: 'set', key: 'at', value: 'slot-7' },
      { container: ['seq'], action: 'insert', value: 'slot-7' },
      { container: entry, action: 'make', key: 'tags', value: 'list' },
      { container: [...entry, 'tags'], action: 'insert', value: 'tag 8' },
      { container: ['entries'], action: 'delete', key: 'entry-7' },
    ])
    for (const action of ['make', 'set', 'insert', 'delete']) {
      const strict = createChangeCheck({ permits: (operation) => operation.action !== action, limits: changeLimits })
      expect(strict.check({ ...envelope, index: firstIndex(), isPast: () => true })).toMatchObject({
        reason: 'not-permitted',
      })
    }
  })
})
