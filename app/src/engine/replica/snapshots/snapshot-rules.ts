/** When a device makes a snapshot of a document. */
export type SnapshotRules = {
  /** Envelopes of the document since its newest snapshot, of which one pays. */
  readonly envelopes: number
  /** Bytes of their bodies, of which one pays with fewer envelopes. */
  readonly bytes: number
  /** The device whose envelope is the newest waits up to this time by chance; all others longer. Also: the longest time before a snapshot of others is checked. */
  readonly delayMs: number
  /** After this time a snapshot is asked for again whose parts were not there. */
  readonly retryMs: number
}

/** Makes none, and uses those of others. */
export const noSnapshots: SnapshotRules = { envelopes: Infinity, bytes: Infinity, delayMs: 60_000, retryMs: 30_000 }

/**
 * A playlist entry is about 500 bytes in its envelope and 60 in a snapshot: after 1,000 envelopes a snapshot costs a tenth of what it saves. The snapshot also
 * waits until the bodies since the last one have a quarter of its size, so that all snapshots of a growing document together stay below five times its bodies.
 */
export const defaultSnapshotRules: SnapshotRules = {
  envelopes: 1000,
  bytes: 512 * 1024,
  delayMs: 60_000,
  retryMs: 30_000,
}
