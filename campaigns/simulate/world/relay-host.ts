import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { invitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import { createVerifier } from '@tonestead/protocol/sync/keys/verifier'
import { verifyItem } from '@tonestead/protocol/sync/log/check-item'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { relayRules } from '../../../sync-server/src/log/relay-rules.ts'
import { createMemoryLogDisk, type MemoryLogDisk } from '../../../sync-server/src/platform/memory/memory-log-store.ts'
import type { LogReads, LogRules, SignedItem } from '../../../sync-server/src/ports/log-rules.ts'
import type { AppendOutcome, LogStore, StoredItem } from '../../../sync-server/src/ports/log-store.ts'
import { createRelay, type Relay } from '../../../sync-server/src/relay/create-relay.ts'
import { defaultRelayLimits, scaleRelayLimits } from '../../../sync-server/src/relay/relay-limits.ts'
import type { SeededChoices } from './seeded-choices.ts'
import { firstInstant, type Schedule } from './schedule.ts'

// A relay: two processes on one disk that loses in a crash what was not synced.

export type HostDeps = {
  readonly schedule: Schedule
  readonly choices: SeededChoices
  readonly subtle: SubtleCrypto
  readonly network: { readonly isFast: boolean }
  readonly onFault: (fault: unknown) => void
}

export type RelayHost = {
  readonly key: SigningJwk
  readonly home: { readonly key: SigningJwk; readonly addresses: readonly string[] }
  /** Undefined while the relay is down. */
  readonly process: (number: number) => Relay | undefined
  readonly isUp: () => boolean
  /** Loses what was not synced; the processes end. */
  readonly crash: () => void
  readonly start: () => Promise<void>
  /** All items of a log that are durable. */
  readonly items: (collection: CollectionId) => Promise<readonly StoredItem[]>
  /** Appends items as an operator would who has their bytes; gives what became of them. */
  readonly bring: (bytes: Bytes) => Promise<AppendOutcome>
  /** A liar's disk takes envelopes and snapshots without looking at them; from `obey` on it keeps to rules. */
  readonly bringAnything: (bytes: Bytes) => Promise<AppendOutcome>
  readonly obey: (rules: LogRules) => void
  readonly syncNow: () => void
}

export const relayKeysOf = async (subtle: SubtleCrypto, seed: Bytes) => (await invitationKeys({ subtle }, seed)).proof
export type RelayKeys = Awaited<ReturnType<typeof relayKeysOf>>

const noMetrics = {
  item: () => undefined,
  group: () => undefined,
  frame: () => undefined,
  closed: () => undefined,
  delayed: () => undefined,
  dropped: () => undefined,
}
/** No device of the simulation reaches a limit. */
const limits = scaleRelayLimits(defaultRelayLimits, 1000)
const everything = { most: 100_000, mostBytes: Infinity }

export const createRelayHost = (
  deps: HostDeps,
  { keys, rules = relayRules }: { keys: RelayKeys; rules?: LogRules },
): RelayHost => {
  const { schedule, choices, subtle } = deps
  let current = rules
  let isBringing = false
  const disk: MemoryLogDisk = createMemoryLogDisk({
    rules: { ...rules, check: (log, item) => current.check(isBringing ? withoutAccounts(log) : log, item) },
    syncs: 'by-hand',
  })
  let [processes, isSyncing]: [Relay[], boolean] = [[], false]
  const syncSoon = (): void => {
    if (isSyncing) return
    isSyncing = true
    const ms = deps.network.isFast ? 1 : 5 + choices.roll() * (choices.chance(0.1) ? 400 : 60)
    schedule.in(ms, () => {
      isSyncing = false
      disk.sync()
    })
  }
  /** Whatever waits for the disk makes it sync a little later. */
  const open = (): LogStore => {
    const store = disk.open()
    const soon =
      <Arguments extends unknown[], Result>(call: (...given: Arguments) => Result) =>
      (...given: Arguments): Result => {
        const result = call(...given)
        syncSoon()
        return result
      }
    const { append, putPart, dropBodies, admit, belongsTo } = store
    const waiting = { append: soon(append), putPart: soon(putPart), dropBodies: soon(dropBodies) }
    return { ...store, ...waiting, admit: soon(admit), belongsTo: soon(belongsTo) }
  }
  const startProcess = (): Promise<Relay> => {
    const random = (bytes: number): Bytes => choices.bytes(bytes)
    return createRelay({
      store: open(),
      clock: schedule.clockOf(),
      subtle,
      random,
      key: keys,
      limits,
      metrics: noMetrics,
      isOpen: true,
      checkPass: () => Promise.resolve(false),
      onFault: deps.onFault,
    })
  }
  const bringItem = async (bytes: Bytes, isVerified: boolean): Promise<AppendOutcome> => {
    const store = disk.open()
    const item = await signedItem(subtle, store, { bytes, isVerified })
    isBringing = true
    const appended = store.append([item])
    isBringing = false
    disk.sync()
    return (await appended).outcomes[0]!
  }
  return {
    key: keys.publicKey,
    home: { key: keys.publicKey, addresses: ['wss://relay.example'] },
    process: (number) => processes[number % Math.max(1, processes.length)],
    isUp: () => processes.length > 0,
    crash: () => {
      processes = []
      disk.crash()
    },
    start: async () => {
      processes = [await startProcess(), await startProcess()]
    },
    items: (collection) => disk.open().read({ collection, after: 0, ...everything }),
    bring: (bytes) => bringItem(bytes, true),
    bringAnything: (bytes) => bringItem(bytes, false),
    obey: (next) => void (current = next),
    syncNow: () => disk.sync(),
  }
}

/**
 * What the relay knows of accounts today says nothing about items of the past: with it, a log could not be brought in which a device wrote that was removed
 * later.
 */
const withoutAccounts = (log: LogReads): LogReads => ({ ...log, stateOf: () => undefined })

/** Verifies an item by the newest membership that the store has, as a relay does. Throws when it does not hold. */
const signedItem = async (
  subtle: SubtleCrypto,
  store: Pick<LogStore, 'head'>,
  { bytes, isVerified }: { readonly bytes: Bytes; readonly isVerified: boolean },
): Promise<SignedItem> => {
  const item = await readItem(bytes)
  if (item === undefined) throw new Error('no item')
  const { collection } = item.header
  const head = await store.head(collection)
  const facts = { now: head?.state, length: head?.length ?? 0 }
  if (!isVerified && item.kind === 'envelope')
    return {
      collection,
      id: item.id,
      bytes,
      item: { kind: 'envelope', id: item.id, header: item.header },
      at: firstInstant,
    }
  const verified = await verifyItem({ subtle, verifier: createVerifier({ subtle }) }, item, facts)
  if ('reason' in verified) throw new Error(`an item does not hold: ${verified.reason}`)
  return { collection, id: item.id, bytes, item: verified, at: instantOf(item) }
}

/** What is brought was judged by the time of its day, which nobody knows any more: invitations were open when redeemed, and expired when closed. */
const instantOf = (item: LogItem): number =>
  item.kind === 'membership' && item.header.operation.kind === 'epoch' ? Number.MAX_SAFE_INTEGER : 0
