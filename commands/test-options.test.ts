import { expect, test } from 'vitest'
import { readTestOptions } from './test-options.ts'

test('without options everything runs, after the checks', () => {
  expect(readTestOptions([])).toEqual({ projects: 'all', hasChecks: true, filters: [] })
})

test('--unit runs no checks', () => {
  expect(readTestOptions(['--unit', 'crdt'])).toEqual({ projects: 'unit', hasChecks: false, filters: ['crdt'] })
})

test('what is no option of ours goes to Vitest', () => {
  expect(readTestOptions(['--journeys', '--no-checks', 'e2e/play.spec.ts', '-t', 'pauses'])).toEqual({
    projects: 'journeys',
    hasChecks: false,
    filters: ['e2e/play.spec.ts', '-t', 'pauses'],
  })
})
