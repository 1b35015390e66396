import type { RecordingId } from '@tonestead/crdt/ids'

/** A non-extractable AES-CBC key from a license, and until when it may be used (milliseconds since 1970). */
export type HeldKey = {
  readonly recordingId: RecordingId
  readonly keyVersion: number
  readonly key: CryptoKey
  readonly expiresAt: number
}

/**
 * Content keys of this device. `latestIssue` is the highest signed server time ever stored here. No time counts as earlier than that,
 * so that a clock that is set back does not lengthen a license.
 */
export type ContentKeyStore = {
  get(
    recordingId: RecordingId,
    keyVersion: number,
  ): Promise<{ readonly held: HeldKey | undefined; readonly latestIssue: number }>
  /** Stores all or none; `issuedAt` raises `latestIssue` and never lowers it. */
  put(keys: readonly HeldKey[], issuedAt: number): Promise<void>
  /** Until when each recording's newest key may be used; recordings without a key are left out. */
  expiries(recordingIds: readonly RecordingId[]): Promise<ReadonlyMap<RecordingId, number>>
  delete(recordingIds: readonly RecordingId[]): Promise<void>
}
