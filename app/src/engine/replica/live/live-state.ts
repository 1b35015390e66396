import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../../../ports/clock.ts'
import type { LiveMessage } from '../replica.ts'
import { createRateGate, type RateGate } from './rate-gate.ts'

/** The numbers that were read of one device, in its newest run. */
type ReadNumbers = { run: number; highest: number; readonly recent: Set<number> }

/** What is kept of live messages; in memory alone, as nothing of them lasts. */
export type LiveState = {
  /** Grows with every start of the replica: the number with which it took the journal over. */
  readonly run: number
  /** The last number that was used, by collection. */
  readonly numbers: Map<CollectionId, number>
  /** By collection and device. */
  readonly read: Map<string, ReadNumbers>
  readonly listeners: Set<(live: LiveMessage) => void>
  /** [RP34] Own messages; those of one link, before anything of them is verified; those of one device. */
  readonly maySend: RateGate
  readonly mayCome: RateGate
  readonly mayVerify: RateGate
}

export const createLiveState = (clock: Clock, run: number): LiveState => ({
  run,
  numbers: new Map(),
  read: new Map(),
  listeners: new Set(),
  // Below the rate of the relay, which leaves out what is beyond it.
  maySend: createRateGate(clock, { burst: 100, perSecond: 50 }),
  mayVerify: createRateGate(clock, { burst: 1_000, perSecond: 500 }),
  mayCome: createRateGate(clock, { burst: 240, perSecond: 120 }),
})
