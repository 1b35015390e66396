import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupNumbers } from '../segment/group-numbers.ts'
import { property } from '../property.testkit.ts'
import { createVocabulary, writeWords } from './vocabulary.ts'

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü', '名'), minLength: 1, maxLength: 6 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
)

describe('a vocabulary', () => {
  it('finds words, and the range of words with a prefix', () => {
    property(
      fc.tuple(fc.uniqueArray(word, { maxLength: 60 }), fc.array(word, { maxLength: 10 })),
      ([words, wanted]) => {
        const sorted = [...words].sort()
        const vocabulary = createVocabulary(writeWords(sorted))
        for (const one of [...words, ...wanted]) {
          expect(vocabulary.find(one)).toBe(sorted.indexOf(one))
          const { start, end } = vocabulary.beginningWith(one)
          expect(sorted.slice(start, end)).toEqual(sorted.filter((other) => other.startsWith(one)))
        }
        expect(sorted.map((_, index) => vocabulary.get(index))).toEqual(sorted)
      },
      200,
    )
  })
})

describe('groupNumbers', () => {
  it('keeps the order within each group', () => {
    property(
      fc.array(fc.tuple(fc.nat(9), fc.nat(1000)), { maxLength: 100 }),
      (pairs) => {
        const { starts, numbers } = groupNumbers(10, (add) => {
          for (const [group, number] of pairs) add(group, number)
        })
        for (let group = 0; group < 10; group++)
          expect([...numbers.subarray(starts[group], starts[group + 1])]).toEqual(
            pairs.filter(([of]) => of === group).map(([, number]) => number),
          )
      },
      200,
    )
  })
})
