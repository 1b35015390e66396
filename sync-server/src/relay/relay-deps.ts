import type { Bytes } from '@tonestead/protocol/bytes'
import type { Verifier } from '@tonestead/protocol/sync/keys/verifier'
import type { Author } from '@tonestead/protocol/sync/log/rights'
import type { Clock } from '../ports/clock.ts'
import type { LogStore } from '../ports/log-store.ts'
import type { RelayMetrics } from '../ports/relay-metrics.ts'
import type { AppendQueue } from './append-queue.ts'
import type { HeadCache } from './head-cache.ts'
import type { RateChecks } from './rate-checks.ts'
import type { ReceiptSigner, RelayKey } from './receipt-signer.ts'
import type { RelayLimits } from './relay-limits.ts'
import type { PumpDeps } from './subscription.ts'
import type { Topics } from './topics.ts'

/** What a relay is made of. */
export type RelayDeps = {
  readonly store: LogStore
  readonly clock: Clock
  readonly subtle: SubtleCrypto
  readonly random: (bytes: number) => Bytes
  readonly key: RelayKey
  readonly limits: RelayLimits
  readonly metrics: RelayMetrics
  readonly isOpen: boolean
  readonly checkPass: (pass: string, author: Author) => Promise<boolean>
  readonly onFault: (fault: unknown) => void
}

/** What the connections of a relay share. */
export type RelayParts = RelayDeps & {
  readonly verifier: Verifier
  readonly heads: HeadCache
  readonly queue: AppendQueue
  readonly topics: Topics
  readonly rates: RateChecks
  readonly receipts: ReceiptSigner
  readonly pump: PumpDeps
  /** Counts a connection of a device. False: too many; else the function that ends it. */
  readonly enterDevice: (device: string) => false | (() => void)
}
