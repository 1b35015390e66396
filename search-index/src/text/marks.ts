import type { Mark } from '../answer.ts'
import { foldText, foldWords, type FoldedWord } from './fold.ts'

/** A folded word to mark. `isPrefix`: mark that prefix of all words that begin with it. */
export type WantedWord = { readonly word: string; readonly isPrefix: boolean }

/** Where the words are in a text: in order, not overlapping, never between a letter and its combining marks or inside a surrogate pair. */
export function marksOf(text: string, wanted: readonly WantedWord[]): readonly Mark[] {
  const whole = new Set(wanted.map(({ word }) => word))
  const prefixes = wanted.filter(({ isPrefix, word }) => isPrefix && word !== '').map(({ word }) => word)
  const marks: Mark[] = []
  for (const found of foldWords(text)) {
    const prefix = whole.has(found.word) ? found.word : longestPrefix(found.word, prefixes)
    if (prefix !== undefined) marks.push([found.start, afterCombiningMarks(text, prefixEnd(text, found, prefix))])
  }
  return merged(marks)
}

function longestPrefix(word: string, prefixes: readonly string[]): string | undefined {
  let longest: string | undefined
  for (const prefix of prefixes) if (word.startsWith(prefix) && prefix.length > (longest?.length ?? 0)) longest = prefix
  return longest
}

/** Longer words are marked whole: finding the end of the prefix takes quadratic time. */
const maxSearched = 64

/** Where the folded prefix ends in the source: after the first character that completes it. */
function prefixEnd(text: string, { word, start, end }: FoldedWord, prefix: string): number {
  if (word === prefix || end - start > maxSearched) return end
  let at = start
  for (const character of text.slice(start, end)) {
    at += character.length
    if (foldText(text.slice(start, at)).length >= prefix.length) return at
  }
  return end
}

const combiningMarks = /\p{M}*/uy

function afterCombiningMarks(text: string, at: number): number {
  combiningMarks.lastIndex = at
  return at + (combiningMarks.exec(text)?.[0].length ?? 0)
}

/** Bigrams overlap, and so do their marks. */
function merged(marks: readonly Mark[]): readonly Mark[] {
  const apart: [number, number][] = []
  for (const [start, end] of marks) {
    const last = apart.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else apart.push([start, end])
  }
  return apart
}
