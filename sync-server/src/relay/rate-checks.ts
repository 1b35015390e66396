import type { Author } from '@tonestead/protocol/sync/log/rights'
import type { Clock } from '../ports/clock.ts'
import type { RelayMetrics } from '../ports/relay-metrics.ts'
import { createRateDelay, createRateGate, type RateDelay, type RelayLimits } from './relay-limits.ts'

/** A delay longer than this is told to the client, who sends again then, instead of blocking its connection. */
const longestDelayMs = 5000

/** `retryAfterMs` undefined: go on. */
type RateAnswer = { readonly retryAfterMs: number | undefined }

export type RateChecks = {
  /** Waits until the rates of an item allow it. */
  item(
    from: Caller,
    item: { readonly collection: string; readonly bytes: number; readonly isMembership: boolean },
  ): Promise<RateAnswer>
  bytes(from: Caller, bytes: number): Promise<RateAnswer>
  read(from: Caller): Promise<RateAnswer>
  /** False: leave it out. */
  ephemeral(from: Caller): boolean
  /** A new connection of a peer. */
  connect(peer: string): boolean
}

/** Whose rates count. */
type Caller = {
  readonly peer: string
  readonly author: Author
  readonly isAdmitted: boolean
  readonly signal: AbortSignal
}

type RateDeps = {
  readonly clock: Clock
  readonly limits: RelayLimits
  readonly metrics: Pick<RelayMetrics, 'delayed'>
}

/** [RC10] One set of rates for the whole process. */
export const createRateChecks = (deps: RateDeps): RateChecks => {
  const { clock, limits } = deps
  const delayOf = (rate: Parameters<typeof createRateDelay>[1]): RateDelay => createRateDelay(clock, rate)
  const [peer, account] = [delayOf(limits.items.peer), delayOf(limits.items.account)]
  const [device, collectionRate] = [delayOf(limits.items.device), delayOf(limits.items.collection)]
  const [bytesOf, memberships, reads] = [delayOf(limits.bytes), delayOf(limits.memberships), delayOf(limits.reads)]
  const [guestItems, guestBytes] = [delayOf(limits.guests.items), delayOf(limits.guests.bytes)]
  /** [RC16] No media server vouches for a guest: he has smaller rates beside those of everybody. */
  const ofGuest = ({ isAdmitted, author }: Caller, bytes: number, items: number): Delays =>
    isAdmitted
      ? []
      : [
          ['guest-items', guestItems(author.account, items)],
          ['guest-bytes', guestBytes(author.account, bytes)],
        ]
  const ephemeral = createRateGate(clock, limits.ephemeral)
  const connects = createRateGate(clock, limits.connects)
  return {
    item: (from, { collection, bytes, isMembership }) =>
      waitFor(deps, from, [
        ['peer', peer(from.peer, 1)],
        ['account', account(from.author.account, 1)],
        ['device', device(from.author.device, 1)],
        ['collection', collectionRate(collection, 1)],
        ['bytes', bytesOf(from.author.account, bytes)],
        ['memberships', isMembership ? memberships(from.author.account, 1) : 0],
        ...ofGuest(from, bytes, 1),
      ]),
    bytes: (from, bytes) =>
      waitFor(deps, from, [['bytes', bytesOf(from.author.account, bytes)], ...ofGuest(from, bytes, 0)]),
    read: (from) => waitFor(deps, from, [['reads', reads(from.author.device, 1)]]),
    ephemeral: ({ author }) => ephemeral(author.device),
    connect: (caller) => connects(caller),
  }
}

type Delays = readonly (readonly [name: string, ms: number])[]

const waitFor = async ({ clock, metrics }: RateDeps, { signal }: Caller, delays: Delays): Promise<RateAnswer> => {
  const [name, ms] = delays.reduce((longest, each) => (each[1] > longest[1] ? each : longest))
  if (ms === 0) return { retryAfterMs: undefined }
  metrics.delayed(name)
  if (ms > longestDelayMs) return { retryAfterMs: ms }
  await clock.after(ms, signal)
  return { retryAfterMs: undefined }
}
