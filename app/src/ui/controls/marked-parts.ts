import type { Mark } from '../../engine/search/search.ts'

export type MarkedPart = { readonly text: string; readonly isMarked: boolean }

/**
 * Cuts a text into marked and unmarked parts; joined they are the text again. Marks that are outside, overlap or cut a character in
 * two are corrected. In scripts whose letters join, whole words are marked, because a change of weight would break the joined letters.
 */
export const markedParts = (text: string, marks: readonly Mark[]): readonly MarkedPart[] => {
  const parts: MarkedPart[] = []
  let at = 0
  const add = (end: number, isMarked: boolean): void => {
    if (end > at) parts.push({ text: text.slice(at, end), isMarked })
    at = Math.max(at, end)
  }
  for (const [start, end] of marks.toSorted((a, b) => a[0] - b[0])) {
    const [from, to] = wholeCharacters(text, Math.max(0, start), Math.min(text.length, end))
    if (to <= Math.max(at, from)) continue
    add(from, false)
    add(to, true)
  }
  add(text.length, false)
  return parts
}

/** The marks of one part of a longer text; the part begins at `offset`. */
export const marksWithin = (marks: readonly Mark[], offset: number, length: number): readonly Mark[] =>
  marks
    .filter(([start, end]) => start < offset + length && end > offset)
    .map(([start, end]) => [Math.max(0, start - offset), Math.min(length, end - offset)])

const belongsToBefore = /^[\p{M}\u200c\u200d\uFE0F\u{1F3FB}-\u{1F3FF}]/u
const joining = /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{M}\u200d]/u

const isInside = (text: string, at: number): boolean => {
  if (at <= 0 || at >= text.length) return false
  const isPairCut = isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))
  const after = text.slice(at, at + 2)
  return (
    isPairCut ||
    text[at - 1] === '\u200d' ||
    belongsToBefore.test(after) ||
    (joining.test(after) && joining.test(text.slice(at - 1, at)))
  )
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

const wholeCharacters = (text: string, start: number, end: number): readonly [from: number, to: number] => {
  let from = start
  let to = end
  while (isInside(text, from)) from -= 1
  while (isInside(text, to)) to += 1
  return [from, to]
}
