import { expect, test } from 'vitest'
import { findMissingDocstrings } from './check-docstrings.ts'

const find = (text: string): string[] => findMissingDocstrings({ path: 'a.ts', text })

test.each([
  'export const rate = 48_000',
  'export function open() {}',
  'export class Store {}',
  'export type Name = string',
  '// A line comment is no docstring.\nexport const rate = 48_000',
])('an export without a docstring is found: %j', (text) => {
  expect(find(text)).toHaveLength(1)
})

test('the place and the name are told', () => {
  expect(find('const a = 1\n/** Described. */\nexport const b = a\nexport const c = b')).toEqual(['a.ts:4 c'])
})

test.each([
  '/** In Hz. */\nexport const rate = 48_000',
  'const rate = 48_000',
  '/** Described. */\nexport const nameSchema = z.string()\nexport type Name = z.infer<typeof nameSchema>',
  "export { open } from './open.ts'",
])('no problem: %j', (text) => {
  expect(find(text)).toEqual([])
})

test('the type of a schema without a docstring is found with it', () => {
  expect(find('export const nameSchema = z.string()\nexport type Name = z.infer<typeof nameSchema>')).toHaveLength(2)
})
