import { setTimeout as wait } from 'node:timers/promises'
import { parseUnixMs } from '@tonestead/crdt/instant'
import type { Clock } from '../ports/clock.ts'

export const systemClock: Clock = {
  now: () => parseUnixMs(Date.now()),
  after: async (ms, signal) => {
    await wait(ms, undefined, { signal })
  },
}
