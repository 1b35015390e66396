import { expect, test } from 'vitest'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { endPlan, isTimeFor } from './plan.ts'

/** A context in which time is a number and timers are counted. */
const createContext = () => {
  const timers: number[] = []
  const time = { nowMs: 0 }
  const context = {
    clock: { elapsedMs: () => time.nowMs },
    plans: new Map<string, number>(),
    wakeAfter: (ms: number) => void timers.push(ms),
  } as unknown as ReplicaContext
  return { context, timers, time }
}
const state = { id: 'a' } as unknown as CollectionState
const plan = { what: 'make', delayMs: () => 10 }

test('[SN6] something planned is due after its delay, once begun', () => {
  const { context, timers, time } = createContext()
  expect(isTimeFor(context, state, plan)).toBe(false)
  time.nowMs = 9
  expect(isTimeFor(context, state, plan)).toBe(false)
  time.nowMs = 10
  expect(isTimeFor(context, state, plan)).toBe(true)
  endPlan(context, state, plan.what)
  expect(isTimeFor(context, state, plan)).toBe(false)
  expect(timers).toEqual([10, 10])
})

test('[SN6] a turn that fails and begins with a new state begins no more timers', () => {
  const { context, timers } = createContext()
  for (let turn = 0; turn < 5; turn += 1) isTimeFor(context, { ...state }, plan)
  expect(timers).toEqual([10])
})
