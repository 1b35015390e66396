import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cutOff,
  dropWord,
  editDistance,
  editWord,
  joinWords,
  oneTypo,
  splitWord,
  swapWords,
  twoTypos,
  twoTyposInOneWord,
} from './damage-text.ts'
import { createRandom } from './seeded-random.ts'

const word = fc.stringMatching(/^[a-z]{2,12}$/)
const text = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
const seed = fc.string()

describe('typing errors in queries', () => {
  it('edits a word by exactly one typo, at any place', () => {
    fc.assert(
      fc.property(
        word,
        seed,
        (given, from) => void expect(editDistance(editWord(given, createRandom(from)), given)).toBe(1),
      ),
    )
    const random = createRandom('places')
    const edited = Array.from({ length: 300 }, () => editWord('wonder', random))
    expect(edited.some((one) => !one.startsWith('w'))).toBe(true)
    expect(edited.some((one) => !one.endsWith('r'))).toBe(true)
  })

  it('puts one typo into one word of the given lengths', () => {
    fc.assert(
      fc.property(text, seed, (given, from) => {
        const words = given.split(' ')
        const damaged = oneTypo(given, createRandom(from))?.split(' ')
        expect(damaged === undefined).toBe(words.every((one) => one.length < 4))
        const changed = words.flatMap((one, at) =>
          damaged === undefined || damaged[at] === one ? [] : [[one, damaged[at] ?? ''] as const],
        )
        expect(changed).toHaveLength(damaged === undefined ? 0 : 1)
        for (const [before, after] of changed)
          expect([before.length >= 4, editDistance(before, after)]).toEqual([true, 1])
      }),
    )
  })

  it('puts two typos into one word only where it has eight letters', () => {
    fc.assert(
      fc.property(text, seed, (given, from) => {
        const damaged = twoTypos(given, createRandom(from))?.split(' ')
        for (const [at, one] of given.split(' ').entries())
          if (damaged !== undefined && editDistance(one, damaged[at] ?? '') === 2)
            expect(one.length).toBeGreaterThanOrEqual(8)
      }),
    )
    expect(twoTypos('hello', createRandom('a'))).toBe(undefined)
    expect(editDistance(twoTyposInOneWord('hello you', createRandom('a')) ?? '', 'hello you')).toBe(2)
  })

  it('swaps, drops, joins and splits words and changes no letter', () => {
    const sorted = (given: string): string => [...given.replaceAll(' ', '')].sort().join('')
    fc.assert(
      fc.property(text, seed, (given, from) => {
        for (const damage of [swapWords, joinWords, splitWord])
          expect(sorted(damage(given, createRandom(from)) ?? given)).toBe(sorted(given))
        const fewer = dropWord(given, createRandom(from))
        expect(fewer?.split(' ').length ?? 2).toBe(fewer === undefined ? 2 : given.split(' ').length - 1)
      }),
    )
    expect(joinWords('sugar cane', createRandom('a'))).toBe('sugarcane')
    expect(splitWord('one two', createRandom('a'))).toBe(undefined)
  })

  it('cuts a text before its end', () => {
    fc.assert(
      fc.property(text, seed, (given, from) => {
        const cut = cutOff(given, createRandom(from))
        expect(given.startsWith(cut ?? '')).toBe(true)
        expect(cut === undefined || (cut.length >= 5 && cut.length < given.length)).toBe(true)
      }),
    )
  })
})
