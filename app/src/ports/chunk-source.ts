import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

export type ChunkReply =
  | { readonly kind: 'read'; readonly bytes: Bytes }
  /** The server answered that it has no such chunk. */
  | { readonly kind: 'gone' }
  /** No answer, or one that says "later". */
  | { readonly kind: 'unreachable'; readonly isOffline: boolean }

/** Where chunks come from when they are not kept here. Bytes are NOT verified yet. */
export type ChunkSource = {
  /** `isAgain` passes by every cache on the way: the first answer was damaged. Rejects only when the signal aborts, which cancels the transfer. */
  read(id: ChunkId, options: { isAgain: boolean; signal: AbortSignal }): Promise<ChunkReply>
}
