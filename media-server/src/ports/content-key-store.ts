import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/** A key of 16 bytes for AES-128-CBC, and its version: a recording may get new keys. */
export type ContentKey = { readonly version: number; readonly key: Bytes }

/**
 * The content keys of recordings, stored wrapped with the instance key (AES-KW). A new key is durable before it is returned, so nothing is
 * ever encrypted with a key that can be lost. Methods may be called concurrently. They reject when a row cannot be unwrapped.
 */
export type ContentKeyStore = {
  /** The newest key; created by the first call. Concurrent first calls return the same key. */
  currentOrNew(id: RecordingId): Promise<ContentKey>
  /** Undefined when there is no key of this version. */
  get(id: RecordingId, version: number): Promise<ContentKey | undefined>
  /** Creates the next version, for encoding a recording again. Older versions stay readable. */
  renew(id: RecordingId): Promise<ContentKey>
}
