import { expect, it } from 'vitest'
import { createSerialQueue } from './serial-queue.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const never = new AbortController().signal

it('lets work through in order, one a turn, and goes on after a fault', async () => {
  const pass = createSerialQueue(turn)
  const done: number[] = []
  const all = await Promise.allSettled(
    [1, 2, 3, 4].map((number) =>
      pass(() => {
        done.push(number)
        if (number === 2) throw new Error('no')
        return number
      }, never),
    ),
  )
  expect(done).toEqual([1, 2, 3, 4])
  expect(all.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

it('does not begin what was given up before its turn, also from within the work before it', async () => {
  const pass = createSerialQueue(turn)
  const stop = new AbortController()
  let begun = 0
  const first = pass(() => {
    stop.abort()
  }, never)
  const second = pass(() => {
    begun += 1
  }, stop.signal)
  await first
  await expect(second).rejects.toThrow()
  expect(begun).toBe(0)
})
