import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDeletions } from './deletions.ts'
import { createExpander } from './expand.ts'
import { codeOf } from '../plain-search.testkit.ts'
import { property } from '../property.testkit.ts'
import { codes } from './rank.ts'
import { createVocabulary, writeWords } from '../text/vocabulary.ts'

const letters = fc.constantFrom('a', 'b', 'c')
const word = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: letters, minLength: 1, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'b', '1', 'é', '名', '\ud83d\ude00', '\uffff'),
      minLength: 1,
      maxLength: 9,
    }),
  },
  { weight: 1, arbitrary: fc.string({ unit: letters, minLength: 36, maxLength: 40 }) },
)
/** A word of the vocabulary with up to three wrong letters or cut off, or any word. */
const edits = fc.array(fc.tuple(fc.constantFrom('drop', 'add', 'change', 'swap'), fc.nat(), letters), { maxLength: 3 })

function edited(text: string, changes: readonly (readonly [string, number, string])[]): string {
  let result = text
  for (const [change, place, letter] of changes) {
    const at = place % (result.length + 1)
    if (change === 'drop') result = result.slice(0, at) + result.slice(at + 1)
    else if (change === 'add') result = result.slice(0, at) + letter + result.slice(at)
    else if (change === 'change') result = result.slice(0, at) + letter + result.slice(at + 1)
    else result = result.slice(0, at) + result.slice(at + 1, at + 2) + result.slice(at, at + 1) + result.slice(at + 2)
  }
  return result
}

it('[SM1] [SM2] [SM3] [SM4] a token matches the same words as in the reference implementation', () => {
  property(
    fc.tuple(
      fc.uniqueArray(word, { minLength: 1, maxLength: 60 }),
      fc.array(fc.tuple(fc.nat(), edits, fc.nat(40), fc.boolean(), fc.boolean()), { maxLength: 12 }),
    ),
    ([words, asked]) => {
      const sorted = [...words].sort()
      const vocabulary = createVocabulary(writeWords(sorted))
      const expander = createExpander(vocabulary, createDeletions(vocabulary))
      const meant = expander.create()
      for (const [pick, changes, length, isPrefix, hasTypos] of asked) {
        const token = edited(sorted[pick % sorted.length]!, changes).slice(0, isPrefix ? length : 40)
        if (token === '') continue
        expander.expand({ word: token, isPrefix, isOptional: false, from: 0, to: 1 }, meant, hasTypos)
        sorted.forEach((known, at) => {
          const code =
            at === meant.exact ? codes.exact : at >= meant.start && at < meant.end ? codes.prefix : meant.codeOf[at]
          expect(code, `${token}${isPrefix ? '…' : ''} ${known}`).toBe(
            codeOf({ word: token, isPrefix }, known, hasTypos),
          )
        })
        const listed = meant.typos.subarray(0, meant.typoCount)
        expect(new Set(listed).size).toBe(meant.typoCount)
        expect([...listed].sort((a, b) => a - b)).toEqual(
          sorted.flatMap((_, at) => ((meant.codeOf[at] ?? 0) > 0 ? [at] : [])),
        )
      }
    },
    150,
  )
})
