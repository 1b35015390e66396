import { expect, test } from 'vitest'
import type { Answer } from '../../engine/server/answer.ts'
import { followAnswer, shortestWaitMs } from './follow-answer.ts'

/** Follows these answers, one by one, and stops after the last; returns the waits between them and after how many answers a change was told. */
const follow = async (answers: readonly Answer<number>[], longestWaitMs: (value: number) => number | undefined) => {
  const waits: number[] = []
  const changedAfter: number[] = []
  let asked = 0
  await followAnswer<number>({
    ask: () => Promise.resolve(answers[asked++]),
    longestWaitMs,
    onChange: () => changedAfter.push(asked),
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    signal: new AbortController().signal,
  })
  return { waits, changedAfter, asked }
}
const ready = (value: number): Answer<number> => ({ kind: 'ready', value })
const offline: Answer<number> = { kind: 'offline' }

test('an answer that stays is requested less and less often, one that changes soon again', async () => {
  const { waits, changedAfter } = await follow([0, 0, 0, 0, 1, 1].map(ready), () => 10_000)
  expect(waits).toEqual([2_000, 4_000, 8_000, 10_000, shortestWaitMs, 4_000])
  expect(changedAfter).toEqual([5])
})

test('an empty list is requested often until it is filled', async () => {
  const { waits } = await follow([0, 0, 0, 0, 5, 5, 5].map(ready), (value) => (value === 0 ? 2_000 : 30_000))
  expect(waits).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 4_000, 8_000])
})

test('a failure in between is no change, and the next request comes later', async () => {
  const { waits, changedAfter } = await follow([ready(1), offline, ready(1)], () => 30_000)
  expect([waits, changedAfter]).toEqual([[2_000, 4_000, 8_000], []])
})

test('a first failure, and an answer that is not followed, end it', async () => {
  expect((await follow([offline, ready(1)], () => 30_000)).asked).toBe(1)
  expect((await follow([ready(1), ready(1)], () => undefined)).asked).toBe(1)
})

test('an abort during the wait ends it', async () => {
  const controller = new AbortController()
  let asked = 0
  await followAnswer<number>({
    ask: () => Promise.resolve(ready(asked++)),
    longestWaitMs: () => 2_000,
    onChange: () => undefined,
    wait: () => {
      controller.abort()
      return Promise.resolve()
    },
    signal: controller.signal,
  })
  expect(asked).toBe(1)
})
