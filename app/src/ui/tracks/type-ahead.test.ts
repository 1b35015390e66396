import { expect, test } from 'vitest'
import { findSorted, startsWith, typed } from './type-ahead.ts'

test('letters in quick succession make one prefix; after a pause a new one starts', () => {
  const one = typed({ text: '', atMs: 0 }, 'b', 1_000)
  const two = typed(one, 'l', 1_300)
  expect(two.text).toBe('bl')
  expect(typed(two, 'c', 3_000).text).toBe('c')
})

test('case and accents are ignored', () => {
  expect([startsWith('Étude', 'e'), startsWith('blue', 'BL'), startsWith('Blue', 'c')]).toEqual([true, true, false])
})

test('the first match among 20,000 sorted titles is found with few requests', async () => {
  const titles = Array.from(
    { length: 20_000 },
    (_, index) => `${String.fromCharCode(97 + Math.floor(index / 800))}${String(index).padStart(5, '0')}`,
  )
  let requests = 0
  const at = (index: number) => {
    requests += 1
    return Promise.resolve(titles[index])
  }
  expect(await findSorted({ total: titles.length, at }, 'm')).toBe(12 * 800)
  expect(requests).toBeLessThan(17)
  expect(await findSorted({ total: titles.length, at }, 'zz')).toBeUndefined()
})
