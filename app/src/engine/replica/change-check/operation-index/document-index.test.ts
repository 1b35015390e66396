import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeLimits } from '../change-limits.ts'
import { createChangeCheck } from '../create-change-check.ts'
import { createDocumentIndex, indexWithout, type DocumentIndex, type EnvelopeRecord } from './document-index.ts'
import { readEnvelopeRecord, writeEnvelopeRecord } from './envelope-record.ts'
import { anySteps, firstIndex, playHistory, type Sealed } from '../honest-history.testkit.ts'

const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })

const checkSealed = (index: DocumentIndex, { actor, changes, past, follows }: Sealed) =>
  check({ actor, changes, index, isPast: (id) => past.has(id), follows })

/** The index of all envelopes but the last, which is left to be checked. */
const play = (steps: Parameters<typeof playHistory>[0]) => {
  const { sealed } = playHistory(steps)
  const last = sealed.at(-1)
  const index = firstIndex()
  for (const envelope of sealed.slice(0, -1)) {
    const verdict = checkSealed(index, envelope)
    if (verdict.kind === 'void') throw new Error(verdict.reason)
    index.add({ envelope: envelope.id, changes: verdict.changes })
  }
  return { index, last, sealed }
}

/** Another causal order: the record whose name sorts last among those that can be next. */
const inOtherOrder = (records: readonly EnvelopeRecord[]): EnvelopeRecord[] => {
  const left = [...records]
  const ordered: EnvelopeRecord[] = []
  const hashes = new Set<string>()
  const actors = new Map<string, number>()
  const canBeNext = ({ changes }: EnvelopeRecord): boolean =>
    changes.every(({ deps, actor, seq }) => {
      const own = changes.filter((change) => change.actor === actor && change.seq < seq)
      return (
        seq === (actors.get(actor) ?? 0) + own.length + 1 &&
        deps.every((dep) => hashes.has(dep) || own.some(({ hash }) => hash === dep))
      )
    })
  while (left.length > 0) {
    const at = left.findLastIndex(canBeNext)
    const [next] = left.splice(at, 1)
    ordered.push(next!)
    for (const { hash, actor, seq } of next!.changes) {
      hashes.add(hash)
      actors.set(actor, seq)
    }
  }
  return ordered
}

describe('createDocumentIndex', () => {
  it('[CC13] gives back the records that were added', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { index } = play(steps)
        expect(createDocumentIndex(index.records()).records()).toEqual(index.records())
      }),
      { numRuns: 10 },
    )
  })

  it('[CC13] gives the same answers in another causal order', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { index, last } = play(steps)
        if (last === undefined) return
        const other = createDocumentIndex(inOtherOrder(index.records()))
        expect(checkSealed(other, last)).toEqual(checkSealed(index, last))
      }),
      { numRuns: 10 },
    )
  })

  it('[CC13] is as if dropped envelopes had never been added', () => {
    fc.assert(
      fc.property(anySteps, fc.nat(), (steps, pick) => {
        const { index, sealed } = play(steps)
        if (sealed.length === 0) return
        const root = sealed[pick % sealed.length]!
        const dropped = new Set(
          sealed.filter(({ id, past }) => id === root.id || past.has(root.id)).map(({ id }) => id),
        )
        const kept = indexWithout(index, dropped)
        const fresh = createDocumentIndex(
          index.records().filter(({ envelope }) => envelope === undefined || !dropped.has(envelope)),
        )
        expect(kept.records()).toEqual(fresh.records())
        for (const envelope of sealed)
          if (!dropped.has(envelope.id) && !kept.records().some((record) => record.envelope === envelope.id))
            expect(checkSealed(kept, envelope)).toMatchObject({ kind: 'ok' })
      }),
      { numRuns: 10 },
    )
  })

  it('[CC13] refuses to add a change before what it builds on', () => {
    const { index } = play([
      { kind: 'edit', device: 0, edit: 'title', pick: 1 },
      { kind: 'seal', device: 0 },
      { kind: 'edit', device: 0, edit: 'title', pick: 2 },
      { kind: 'seal', device: 0 },
      { kind: 'edit', device: 0, edit: 'title', pick: 3 },
    ])
    const [first, , third] = index.records()
    expect(() => createDocumentIndex([first!, third!])).toThrow('before its dependency')
  })
})

describe('writeEnvelopeRecord', () => {
  it('[CC14] writes what readEnvelopeRecord reads', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        for (const record of play(steps).index.records())
          expect(readEnvelopeRecord(writeEnvelopeRecord(record))).toEqual(record)
      }),
      { numRuns: 10 },
    )
  })

  it('[CC14] refuses anything else', () => {
    const [, record] = play([
      { kind: 'edit', device: 0, edit: 'add', pick: 1 },
      { kind: 'seal', device: 0 },
      { kind: 'edit', device: 0, edit: 'title', pick: 2 },
    ]).index.records()
    const stored = writeEnvelopeRecord(record!)
    for (const broken of [
      stored.slice(1),
      stored.replace('"seq":1', '"seq":-1'),
      stored.replace('makeMap', 'makeTable'),
      stored.replace(/"actors":\[[^\]]*\]/, '"actors":[]'),
      stored.replace('"insert"', '"before"'),
    ]) {
      expect(broken).not.toBe(stored)
      expect(() => readEnvelopeRecord(broken)).toThrow()
    }
  })
})
