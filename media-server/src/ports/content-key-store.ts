import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/** 16 bytes for AES-128-CBC, and which version of the recording's key it is. */
export type ContentKey = { readonly version: number; readonly key: Bytes }

/** Content keys, wrapped at rest under the instance key. A key is durable before it is handed out, so nothing is ever sealed under a lost key. */
export type ContentKeyStore = {
  /** The current key, made at the first call. */
  currentOrNew(id: RecordingId): Promise<ContentKey>
  get(id: RecordingId, version: number): Promise<ContentKey | undefined>
  /** Begins a new version: before encoding anew. */
  renew(id: RecordingId): Promise<ContentKey>
}
