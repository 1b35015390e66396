import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/** The response to a request for a chunk. */
export type ChunkReply =
  | { readonly kind: 'read'; readonly bytes: Bytes }
  /** The server has no such chunk. */
  | { readonly kind: 'gone' }
  /** No response, or a temporary failure. */
  | { readonly kind: 'unreachable'; readonly isOffline: boolean }

/** Where chunks come from that are not cached here. The bytes are NOT verified yet. */
export type ChunkSource = {
  /** `isAgain` bypasses every HTTP cache, since the first response was damaged. Rejects only when the signal aborts, which cancels the transfer. */
  read(id: ChunkId, options: { isAgain: boolean; signal: AbortSignal }): Promise<ChunkReply>
}
