import type { ManifestHead } from '@tonestead/protocol/manifest'
import type { Clock } from '../../ports/clock.ts'
import type { ContentKeyStore } from '../../ports/content-key-store.ts'
import { StreamFailure } from '../streaming/stream-failure.ts'
import { isUsable } from './license-time.ts'

/** The worker's side of licensing: reads the keys that the page stored, and waits a while for one that was requested. */
export type KeyWaiter = {
  /** Rejects with a StreamFailure: key-missing or license-expired. */
  readonly contentKey: (
    head: Pick<ManifestHead, 'recordingId' | 'keyVersion'>,
    signal: AbortSignal,
  ) => Promise<CryptoKey>
  /** New keys were stored. */
  readonly onKeys: () => void
}

const waitMs = 20_000

export const createKeyWaiter = ({ keys, clock }: { keys: ContentKeyStore; clock: Clock }): KeyWaiter => {
  let keysArrived = new AbortController()

  const contentKey: KeyWaiter['contentKey'] = async (head, signal) => {
    const endAt = clock.elapsedMs() + waitMs
    for (;;) {
      // Taken before reading: keys that are stored meanwhile are not missed.
      const { signal: arrived } = keysArrived
      const { held, latestIssue } = await keys.get(head.recordingId, head.keyVersion)
      if (held !== undefined && isUsable(held, latestIssue, clock.now())) return held.key
      const leftMs = endAt - clock.elapsedMs()
      if (leftMs <= 0)
        throw new StreamFailure(
          held === undefined ? 'key-missing' : 'license-expired',
          'no usable license for this recording',
        )
      // Both signals end the wait early; the caller's is then thrown.
      await clock.after(leftMs, AbortSignal.any([signal, arrived])).catch(() => undefined)
      signal.throwIfAborted()
    }
  }

  return {
    contentKey,
    onKeys: () => {
      keysArrived.abort()
      keysArrived = new AbortController()
    },
  }
}
