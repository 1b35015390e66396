import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { expect, it } from 'vitest'
import { createRateChecks } from './rate-checks.ts'
import { defaultRelayLimits } from './relay-limits.ts'

const caller = (letter: string, isAdmitted: boolean) => ({
  peer: '192.0.2.1',
  author: { account: parseAccountId(letter.repeat(52)), device: parseDeviceId(letter.repeat(52)) },
  isAdmitted,
  signal: new AbortController().signal,
})
const item = { collection: 'list', bytes: 200, isMembership: false }

const createRates = () => {
  const waited: string[] = []
  const rates = createRateChecks({
    clock: { now: () => 0, after: () => Promise.resolve() } as never,
    limits: defaultRelayLimits,
    metrics: { delayed: (name) => void waited.push(name) },
  })
  return { rates, waited }
}

it('[RC16] a guest waits long before an account does that may begin logs', async () => {
  const { rates, waited } = createRates()
  const { burst } = defaultRelayLimits.guests.items
  for (let count = 0; count < burst; count += 1) {
    await rates.item(caller('a', false), item)
    await rates.item(caller('b', true), item)
  }
  expect(waited).toEqual([])
  await rates.item(caller('a', false), item)
  await rates.item(caller('b', true), item)
  expect(waited).toEqual(['guest-items'])
})

it('[RC16] the bytes of a guest have a smaller rate, those of parts too', async () => {
  const { rates, waited } = createRates()
  const { burst } = defaultRelayLimits.guests.bytes
  expect(await rates.bytes(caller('a', false), burst)).toEqual({ retryAfterMs: undefined })
  expect((await rates.bytes(caller('a', false), burst)).retryAfterMs).toBeGreaterThan(5000)
  expect(await rates.bytes(caller('b', true), 2 * burst)).toEqual({ retryAfterMs: undefined })
  expect(waited).toEqual(['guest-bytes'])
})
