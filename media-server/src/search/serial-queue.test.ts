import { expect, it } from 'vitest'
import { createSerialQueue } from './serial-queue.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const never = new AbortController().signal

it('runs work in order, one piece in each turn, and goes on after an error', async () => {
  const enqueue = createSerialQueue(turn)
  const done: number[] = []
  const all = await Promise.allSettled(
    [1, 2, 3, 4].map((number) =>
      enqueue(() => {
        done.push(number)
        if (number === 2) throw new Error('no')
        return number
      }, never),
    ),
  )
  expect(done).toEqual([1, 2, 3, 4])
  expect(all.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

it('does not start work that was aborted before its turn, also when the work before it aborts it', async () => {
  const enqueue = createSerialQueue(turn)
  const stop = new AbortController()
  let started = 0
  const first = enqueue(() => {
    stop.abort()
  }, never)
  const second = enqueue(() => {
    started += 1
  }, stop.signal)
  await first
  await expect(second).rejects.toThrow()
  expect(started).toBe(0)
})
