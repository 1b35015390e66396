import { expect, test } from 'vitest'
import { lineMove } from './line-move.ts'

const lines = [
  { stops: 3, isRow: true },
  { stops: 1, isRow: true },
  { stops: 5, isRow: false },
  { stops: 8, isRow: true },
]

test('ArrowDown moves through the lines, ArrowUp back to the field', () => {
  expect(lineMove('ArrowDown', { line: 0, stop: 2 }, lines)).toEqual({ line: 1, stop: 0 })
  expect(lineMove('ArrowDown', { line: 1, stop: 0 }, lines)).toEqual({ line: 2, stop: 0 })
  expect(lineMove('ArrowUp', { line: 3, stop: 4 }, lines)).toEqual({ line: 2, stop: 4 })
  expect(lineMove('ArrowUp', { line: 0, stop: 1 }, lines)).toBe('field')
  expect(lineMove('ArrowDown', { line: 3, stop: 0 }, lines)).toBeUndefined()
})

test('arrow keys move along the direction of a line', () => {
  expect(lineMove('ArrowRight', { line: 0, stop: 0 }, lines)).toEqual({ line: 0, stop: 1 })
  expect(lineMove('ArrowRight', { line: 0, stop: 2 }, lines)).toBeUndefined()
  expect(lineMove('ArrowLeft', { line: 3, stop: 1 }, lines)).toEqual({ line: 3, stop: 0 })
  expect(lineMove('ArrowDown', { line: 2, stop: 0 }, lines)).toEqual({ line: 2, stop: 1 })
  expect(lineMove('ArrowRight', { line: 2, stop: 0 }, lines)).toBeUndefined()
})

test('other keys and places outside are not handled', () => {
  expect([lineMove('Enter', { line: 0, stop: 0 }, lines), lineMove('ArrowDown', { line: 9, stop: 0 }, lines)]).toEqual([
    undefined,
    undefined,
  ])
})
