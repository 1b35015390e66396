import type { Clock } from '../ports/clock.ts'

// The one table of limits. Rates delay a client, because the relay stops reading from it; they never refuse an item for good.

/** A token bucket: holds `burst` tokens and gets `perSecond` new ones. */
export type Rate = { readonly burst: number; readonly perSecond: number }

export type RelayLimits = {
  /** Connections of one peer, one device, and this process. */
  readonly connections: { readonly peer: number; readonly device: number; readonly process: number }
  /** New connections of one peer. */
  readonly connects: Rate
  /** Milliseconds in which a connection must authenticate. */
  readonly authenticateMs: number
  readonly items: {
    readonly peer: Rate
    readonly account: Rate
    readonly device: Rate
    readonly collection: Rate
  }
  /** Bytes of items and parts of one account. */
  readonly bytes: Rate
  /** Items, and bytes of items and parts, of one account that may begin no logs here. */
  readonly guests: { readonly items: Rate; readonly bytes: Rate }
  /** Membership items of one account. */
  readonly memberships: Rate
  /** Reads, subscriptions, heads and parts asked for by one device. */
  readonly reads: Rate
  /** Ephemeral messages of one device; those beyond are left out. */
  readonly ephemeral: Rate
  /** Collections that one connection subscribes to. */
  readonly subscriptions: number
  /** Items of one connection that are being stored. */
  readonly inFlight: number
}

export const defaultRelayLimits: RelayLimits = {
  connections: { peer: 256, device: 8, process: 20_000 },
  connects: { burst: 300, perSecond: 10 },
  authenticateMs: 5000,
  items: {
    peer: { burst: 4000, perSecond: 400 },
    account: { burst: 2000, perSecond: 100 },
    device: { burst: 1000, perSecond: 50 },
    collection: { burst: 4000, perSecond: 200 },
  },
  bytes: { burst: 128 * 1024 * 1024, perSecond: 2 * 1024 * 1024 },
  guests: {
    items: { burst: 500, perSecond: 5 },
    bytes: { burst: 16 * 1024 * 1024, perSecond: 64 * 1024 },
  },
  memberships: { burst: 100, perSecond: 1 },
  reads: { burst: 1000, perSecond: 50 },
  ephemeral: { burst: 120, perSecond: 60 },
  subscriptions: 2000,
  inFlight: 64,
}

/** All rates and numbers of connections multiplied by the same factor. */
export const scaleRelayLimits = (limits: RelayLimits, factor: number): RelayLimits => {
  const scale = ({ burst, perSecond }: Rate): Rate => ({ burst: burst * factor, perSecond: perSecond * factor })
  const { connections, items, guests } = limits
  return {
    ...limits,
    connections: {
      peer: connections.peer * factor,
      device: connections.device * factor,
      process: connections.process,
    },
    connects: scale(limits.connects),
    items: {
      peer: scale(items.peer),
      account: scale(items.account),
      device: scale(items.device),
      collection: scale(items.collection),
    },
    bytes: scale(limits.bytes),
    guests: { items: scale(guests.items), bytes: scale(guests.bytes) },
    memberships: scale(limits.memberships),
    reads: scale(limits.reads),
    ephemeral: scale(limits.ephemeral),
  }
}

/** Beyond this number of callers the one that was seen longest ago starts again with a full bucket. */
const mostCallers = 20_000

/** Takes tokens, going into debt, and returns after how many milliseconds the debt is paid. */
export type RateDelay = (caller: string, cost: number) => number

export const createRateDelay = (clock: Pick<Clock, 'now'>, rate: Rate): RateDelay => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller, cost) => {
    const now = clock.now()
    const bucket = buckets.get(caller) ?? { left: rate.burst, at: now }
    const refilled = Math.min(rate.burst, bucket.left + (Math.max(0, now - bucket.at) * rate.perSecond) / 1000)
    const left = refilled - cost
    buckets.delete(caller)
    buckets.set(caller, { left, at: now })
    const oldest = buckets.keys().next()
    if (buckets.size > mostCallers && oldest.done === false) buckets.delete(oldest.value)
    return left >= 0 ? 0 : Math.ceil((-left * 1000) / rate.perSecond)
  }
}

/** Takes tokens if there are enough, else takes none and returns false. */
export const createRateGate = (clock: Pick<Clock, 'now'>, rate: Rate): ((caller: string) => boolean) => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller) => {
    const now = clock.now()
    const bucket = buckets.get(caller) ?? { left: rate.burst, at: now }
    const refilled = Math.min(rate.burst, bucket.left + (Math.max(0, now - bucket.at) * rate.perSecond) / 1000)
    const isOpen = refilled >= 1
    buckets.delete(caller)
    buckets.set(caller, { left: isOpen ? refilled - 1 : refilled, at: now })
    const oldest = buckets.keys().next()
    if (buckets.size > mostCallers && oldest.done === false) buckets.delete(oldest.value)
    return isOpen
  }
}

/** Counts what each caller has open. `enter` returns false, or the function that ends it. */
export const createConcurrencyLimit = (most: number): ((caller: string) => false | (() => void)) => {
  const open = new Map<string, number>()
  return (caller) => {
    const count = open.get(caller) ?? 0
    if (count >= most) return false
    open.set(caller, count + 1)
    return () => {
      const left = (open.get(caller) ?? 1) - 1
      if (left > 0) open.set(caller, left)
      else open.delete(caller)
    }
  }
}
