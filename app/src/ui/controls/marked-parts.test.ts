import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mark } from '../../engine/search/search.ts'
import { markedParts, marksWithin } from './marked-parts.ts'

const marked = (text: string, marks: readonly Mark[]) =>
  markedParts(text, marks)
    .map((part) => (part.isMarked ? `[${part.text}]` : part.text))
    .join('')

test('for any marks the parts join to the text, and no character is cut', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 })
  const marks = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: -5, max: 60 })), { maxLength: 6 })
  fc.assert(
    fc.property(text, marks, (title, given) => {
      const parts = markedParts(title, given)
      expect(parts.map((part) => part.text).join('')).toBe(title)
      expect(parts.every((part) => part.text !== '')).toBe(true)
      expect(!title.isWellFormed() || parts.every((part) => part.text.isWellFormed())).toBe(true)
    }),
  )
})

test('the marked ranges become marked parts', () => {
  expect(marked('River Road', [[0, 3]])).toBe('[Riv]er Road')
  expect(
    marked('River Road', [
      [6, 10],
      [0, 5],
    ]),
  ).toBe('[River] [Road]')
  expect(marked('River Road', [])).toBe('River Road')
  expect(
    marked('River', [
      [2, 2],
      [4, 99],
    ]),
  ).toBe('Rive[r]')
})

test('surrogate pairs, joined emoji and combining marks stay whole', () => {
  expect(marked('a😀b', [[0, 2]])).toBe('[a😀]b')
  expect(marked('a😀b', [[2, 4]])).toBe('a[😀b]')
  expect(marked('cafe\u0301 noir', [[0, 4]])).toBe('[cafe\u0301] noir')
  expect(marked('👩🏽‍🚀 song', [[0, 2]])).toBe('[👩🏽‍🚀] song')
})

test('a word of joined letters is marked whole, a Hebrew one by its letters', () => {
  expect(marked('ليلة القدر', [[0, 2]])).toBe('[ليلة] القدر')
  expect(marked('שלום עולם', [[0, 2]])).toBe('[של]ום עולם')
})

test('marks of a credit line are cut to its names', () => {
  expect(
    marksWithin(
      [
        [0, 4],
        [8, 14],
      ],
      0,
      5,
    ),
  ).toEqual([[0, 4]])
  expect(
    marksWithin(
      [
        [0, 4],
        [8, 14],
      ],
      6,
      6,
    ),
  ).toEqual([[2, 6]])
})
