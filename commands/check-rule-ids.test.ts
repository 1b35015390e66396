import { expect, test } from 'vitest'
import { findRuleProblems } from './check-rule-ids.ts'

const spec = (path: string, ...rules: string[]) => ({ path, text: rules.map((rule) => `- **${rule}** …`).join('\n') })
const source = (path: string, text: string) => ({ path, text })

test('rules that exist and are tested are no problem, with and without brackets', () => {
  const specs = [spec('a/SPEC.md', '[Q1]', 'T2'), spec('b/SPEC.md', '[S-R1]')]
  const sources = [source('a/x.test.ts', "it('[Q1] …'); it('[T2] …')"), source('b/x.contract.ts', '// [S-R1]')]
  expect(findRuleProblems(specs, sources)).toEqual([])
})

test('a citation of a rule that no SPEC.md has is found', () => {
  expect(findRuleProblems([], [source('a/x.ts', '/** [R9] … */')])).toEqual(['a/x.ts: no SPEC.md has a rule [R9]'])
})

test('a rule that only code cites is found', () => {
  expect(findRuleProblems([spec('a/SPEC.md', '[Q1]')], [source('a/x.ts', '// [Q1]')])).toEqual([
    'a/SPEC.md: no test cites [Q1]',
  ])
})

test('a prefix of another SPEC.md is found, also with another number', () => {
  const specs = [spec('a/SPEC.md', '[Q1]'), spec('b/SPEC.md', '[Q2]')]
  expect(findRuleProblems(specs, [source('x.test.ts', '[Q1] [Q2]')])).toEqual([
    'b/SPEC.md: [Q2] has a prefix of a/SPEC.md',
  ])
})

test('a rule that is defined twice is found', () => {
  expect(findRuleProblems([spec('a/SPEC.md', '[Q1]', '[Q1]')], [source('x.test.ts', '[Q1]')])).toEqual([
    'a/SPEC.md: rule [Q1] is defined twice',
  ])
})
