import { expect, test } from 'vitest'
import { createPagedList, type PagedListPlan } from './paged-list.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

const listOver = (total: number, plan: Partial<PagedListPlan<number>> = {}) => {
  const asked: number[] = []
  const aborted: number[] = []
  const list = createPagedList<number>({
    fetch: async ({ offset, limit }, signal) => {
      asked.push(offset)
      signal.addEventListener('abort', () => aborted.push(offset))
      await Promise.resolve()
      return {
        kind: 'ready',
        value: { total, items: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => offset + index) },
      }
    },
    rest: () => Promise.resolve(),
    pageSize: 100,
    maxPages: 4,
    ...plan,
  })
  return { list, asked, aborted }
}

test('rows appear at their index once their page has come', async () => {
  const { list } = listOver(20_000)
  list.show(0, 10)
  await settled()
  list.show(9_990, 10_010)
  expect(list.view.get().at(9_995)).toBeUndefined()
  await settled()
  expect([9_995, 10_005].map(list.view.get().at)).toEqual([9_995, 10_005])
  expect(list.view.get().total).toBe(20_000)
})

test('no more pages are kept than allowed, and the visible ones stay', async () => {
  const { list } = listOver(20_000)
  for (let row = 0; row < 5_000; row += 100) {
    list.show(row, row + 20)
    await settled()
  }
  expect(list.view.get().at(4_910)).toBe(4_910)
  expect(list.view.get().at(10)).toBeUndefined()
})

test('pages flown past are not asked for, and requests left behind are aborted', async () => {
  let release: () => void = () => undefined
  const { list, asked, aborted } = listOver(20_000, { rest: () => new Promise((resolve) => (release = resolve)) })
  list.show(0, 10)
  await settled()
  for (let row = 1_000; row < 9_000; row += 500) list.show(row, row + 10)
  release()
  await settled()
  expect(asked).toEqual([0, 8_500])
  expect(aborted).toEqual([])
})

test('a failure is told once and asked again only on wish', async () => {
  let isDown = true
  const { list, asked } = listOver(50, {
    fetch: ({ offset }) => {
      asked.push(offset)
      return Promise.resolve(isDown ? { kind: 'offline' } : { kind: 'ready', value: { total: 1, items: [7] } })
    },
  })
  list.show(0, 10)
  await settled()
  list.show(0, 11)
  expect(list.view.get().failure).toEqual({ kind: 'offline' })
  isDown = false
  list.retry()
  await settled()
  expect([list.view.get().failure, list.view.get().at(0), asked.length]).toEqual([undefined, 7, 2])
})
