import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryIntents } from '../testkit/arbitrary-intents.testkit.ts'
import { attempt, beginDocument, changed, changePlain, operationsOf, plainOf } from '../testkit/automerge.testkit.ts'
import { initialValue } from './constant-changes.ts'
import { documentKinds, type DocumentKind } from './document-kind.ts'
import { isPermitted } from './document-schema.ts'
import type { Intents } from './documents.ts'

const histories = <K extends DocumentKind>(kind: K): fc.Arbitrary<Intents[K][]> =>
  fc.array(arbitraryIntents[kind], { minLength: 1, maxLength: 12 })
const runs = { numRuns: 15, seed: 20_261_127 }

describe.each(documentKinds)('%s', (kind) => {
  test('[IN5] an intent does the same on a plain object and on a draft, with and without `before`', () => {
    fc.assert(
      fc.property(histories(kind), (intents) => {
        const plain = initialValue(kind)
        let [before, draft] = [beginDocument(kind), beginDocument(kind)]
        for (const intent of intents) {
          const outcome = changePlain(kind, plain, intent)
          expect(outcome.kind).not.toBe('refused')
          const first = attempt(kind, before, { intent })
          const second = attempt(kind, draft, { intent, reads: 'draft' })
          expect([first.outcome, second.outcome]).toEqual([outcome, outcome])
          ;[before, draft] = [first.document, second.document]
        }
        expect(plainOf(before)).toEqual(plain)
        expect(plainOf(draft)).toEqual(plain)
      }),
      runs,
    )
  })
  test('[IN2] applying an intent twice is the same as applying it once, and the second time says so', () => {
    fc.assert(
      fc.property(histories(kind), (intents) => {
        let document = beginDocument(kind)
        for (const intent of intents) {
          document = changed(kind, document, intent)
          const again = attempt(kind, document, { intent })
          expect(again.outcome.kind).not.toBe('applied')
          expect(plainOf(again.document)).toEqual(plainOf(document))
        }
      }),
      runs,
    )
  })
  test('[DC5] every operation of an intent is permitted by the schema', () => {
    fc.assert(
      fc.property(histories(kind), (intents) => {
        const document = intents.reduce((each, intent) => changed(kind, each, intent), beginDocument(kind))
        for (const operation of operationsOf(document))
          expect(isPermitted(kind, operation), JSON.stringify(operation)).toBe(true)
      }),
      runs,
    )
  })
})
