import { expect, it } from 'vitest'
import {
  createConcurrencyLimit,
  createRateDelay,
  createRateGate,
  defaultRelayLimits,
  scaleRelayLimits,
} from './relay-limits.ts'

it('[RC10] says how long a caller has to wait until its debt is paid', () => {
  let now = 1000
  const delay = createRateDelay({ now: () => now as never }, { burst: 3, perSecond: 2 })
  expect([delay('a', 1), delay('a', 1), delay('a', 1)]).toEqual([0, 0, 0])
  expect([delay('a', 1), delay('a', 2)]).toEqual([500, 1500])
  expect(delay('b', 3)).toBe(0)
  now += 1500
  expect(delay('a', 1)).toBe(500)
  now += 60_000
  expect(delay('a', 3)).toBe(0)
})

it('takes nothing from a caller that is refused, and never more than the burst', () => {
  let now = 1000
  const gate = createRateGate({ now: () => now as never }, { burst: 2, perSecond: 1 })
  expect([gate('a'), gate('a'), gate('a'), gate('a')]).toEqual([true, true, false, false])
  now += 1000
  expect([gate('a'), gate('a')]).toEqual([true, false])
  now += 60_000
  expect([gate('a'), gate('a'), gate('a')]).toEqual([true, true, false])
})

it('counts what is open', () => {
  const enter = createConcurrencyLimit(2)
  const leave = enter('a')
  expect(enter('a')).not.toBe(false)
  expect(enter('a')).toBe(false)
  if (leave !== false) leave()
  expect(enter('a')).not.toBe(false)
})

it('multiplies every rate', () => {
  const scaled = scaleRelayLimits(defaultRelayLimits, 10)
  expect(scaled.items.device).toEqual({ burst: 10_000, perSecond: 500 })
  expect([scaled.connections.peer, scaled.ephemeral.burst, scaled.authenticateMs]).toEqual([2560, 1200, 5000])
})
