import { expect, test } from 'vitest'
import { editKeyOf } from './edit-key.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each([
  [{ ...none, shiftKey: true, key: 'ArrowDown' }, 'extend-down'],
  [{ ...none, altKey: true, key: 'ArrowUp' }, 'move-up'],
  [{ ...none, ctrlKey: true, key: 'A' }, 'all'],
  [{ ...none, metaKey: true, key: ' ' }, 'toggle'],
  [{ ...none, key: 'Delete' }, 'remove'],
  [{ ...none, key: 'Escape' }, 'clear'],
] as const)('%j does something with the rows', (pressed, key) => {
  expect(editKeyOf(pressed)).toBe(key)
})
test.each([
  { ...none, key: 'ArrowDown' },
  { ...none, key: 'a' },
  { ...none, ctrlKey: true, altKey: true, key: 'a' },
  { ...none, shiftKey: true, key: 'Delete' },
  { ...none, shiftKey: true, key: 'Enter' },
])('%j is left to the grid and the page', (pressed) => {
  expect(editKeyOf(pressed)).toBeUndefined()
})
