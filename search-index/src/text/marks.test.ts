import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldWords } from './fold.ts'
import { marksOf } from './marks.ts'
import { hostileText, property } from '../property.testkit.ts'

const marked = (text: string, ...wanted: string[]) =>
  marksOf(
    text,
    wanted.map((word) => ({ word: word.replace('*', ''), isPrefix: word.endsWith('*') })),
  ).map(([start, end]) => text.slice(start, end))

describe('marksOf', () => {
  it('marks whole words and prefixes', () => {
    expect(marked('Beyoncé Knowles', 'beyonce', 'kn*')).toEqual(['Beyoncé', 'Kn'])
    expect(marked('know knowing', 'know*')).toEqual(['know', 'know'])
    expect(marked('Nothing here', 'other', 'her')).toEqual([])
  })

  it('marks the characters that a folded word was made of', () => {
    expect(marked('T.N.T. & P!nk', 'tnt', 'and', 'pi*')).toEqual(['T.N.T', '&', 'P!n'])
    expect(marked('Straße', 'stras*')).toEqual(['Straß'])
    expect(marked('Cafe\u0301s', 'cafe*')).toEqual(['Cafe\u0301'])
    expect(marked('𝓐𝓑𝓒', 'ab*')).toEqual(['𝓐𝓑'])
  })

  it('merges overlapping bigrams', () => {
    expect(marked('椎名林檎', '椎名', '名林')).toEqual(['椎名林'])
    expect(marked('椎名林檎', '林*')).toEqual(['林'])
  })

  it('gives marks inside the text, in order, not overlapping, and never inside a character', () => {
    property(fc.tuple(hostileText, fc.array(fc.nat(), { maxLength: 3 }), fc.nat(4)), ([text, picks, length]) => {
      const words = foldWords(text)
      const wanted = picks.flatMap((pick) => {
        const word = words[pick % words.length]?.word
        return word === undefined
          ? []
          : [
              { word, isPrefix: false },
              { word: word.slice(0, length), isPrefix: true },
            ]
      })
      let last = -1
      for (const [start, end] of marksOf(text, wanted)) {
        expect(start).toBeGreaterThan(last)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
        for (const at of [start, end])
          expect(/[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))).toBe(false)
        expect(text.slice(end)).not.toMatch(/^\p{M}/u)
        last = end
      }
      if (picks.length > 0 && words.length > 0) expect(last).toBeGreaterThan(0)
    })
  })
})
