import { expect, test } from 'vitest'
import { createPagedList, type PagedListPlan } from './paged-list.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

const listOver = (total: number, plan: Partial<PagedListPlan<number>> = {}) => {
  const requested: number[] = []
  const aborted: number[] = []
  const list = createPagedList<number>({
    fetch: async ({ offset, limit }, signal) => {
      requested.push(offset)
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
  return { list, requested, aborted }
}

test('rows appear at their index when their page is loaded', async () => {
  const { list } = listOver(20_000)
  list.show(0, 10)
  await settled()
  list.show(9_990, 10_010)
  expect(list.view.get().at(9_995)).toBeUndefined()
  await settled()
  expect([9_995, 10_005].map(list.view.get().at)).toEqual([9_995, 10_005])
  expect(list.view.get().total).toBe(20_000)
})

test('no more than maxPages pages are kept, and the visible ones stay', async () => {
  const { list } = listOver(20_000)
  for (let row = 0; row < 5_000; row += 100) {
    list.show(row, row + 20)
    await settled()
  }
  expect(list.view.get().at(4_910)).toBe(4_910)
  expect(list.view.get().at(10)).toBeUndefined()
})

test('pages that are scrolled past are not requested, and requests for other pages are aborted', async () => {
  let release: () => void = () => undefined
  const { list, requested, aborted } = listOver(20_000, { rest: () => new Promise((resolve) => (release = resolve)) })
  list.show(0, 10)
  await settled()
  for (let row = 1_000; row < 9_000; row += 500) list.show(row, row + 10)
  release()
  await settled()
  expect(requested).toEqual([0, 8_500])
  expect(aborted).toEqual([])
})

test('a failure is reported once, and a new request is made only on retry', async () => {
  let isDown = true
  const { list, requested } = listOver(50, {
    fetch: ({ offset }) => {
      requested.push(offset)
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
  expect([list.view.get().failure, list.view.get().at(0), requested.length]).toEqual([undefined, 7, 2])
})

test('a refresh requests the visible pages again, and what it finds is shown', async () => {
  let total = 0
  const { list } = listOver(0, {
    fetch: () => Promise.resolve({ kind: 'ready', value: { total, items: total === 0 ? [] : [7] } }),
  })
  list.show(0, 0)
  await settled()
  expect(list.view.get().total).toBe(0)
  total = 1
  list.refresh()
  await settled()
  expect([list.view.get().total, list.view.get().at(0)]).toEqual([1, 7])
})
