import { chunkIdOf } from '@tonestead/protocol/chunk'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { ChunkRef } from '@tonestead/protocol/manifest'
import type { ChunkReply, ChunkSource } from '../../ports/chunk-source.ts'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Clock } from '../../ports/clock.ts'
import { StreamFailure } from './stream-failure.ts'
import type { Throughput } from './throughput.ts'

export type ChunkReader = {
  /** Verified bytes of a chunk or tail. Rejects with a StreamFailure, or with the signal's reason; abort cancels the transfer. */
  read(ref: ChunkRef, signal: AbortSignal): Promise<VerifiedChunk>
}
export type VerifiedChunk = { readonly bytes: Bytes; readonly origin: 'kept' | 'network' }

type Deps = {
  readonly store: ChunkStore
  readonly source: ChunkSource
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly throughput: Throughput
}

/** [R6] Kept before network; the hash is compared BEFORE anybody decrypts; what does not match is deleted, fetched once more, then refused. */
export const createChunkReader = (deps: Deps): ChunkReader => ({
  read: async (ref, signal) => {
    const kept = await readKept(deps, ref, signal)
    if (kept !== undefined) return { bytes: kept, origin: 'kept' }
    const bytes =
      (await fetchVerified(deps, { ref, isAgain: false }, signal)) ??
      (await fetchVerified(deps, { ref, isAgain: true }, signal))
    if (bytes === undefined) throw new StreamFailure('chunk-damaged', `chunk ${ref.id} came with another hash twice`)
    // Keeping it must not hold up the sound, and may fail for want of room.
    void deps.store.put(ref.id, bytes).catch(() => 'full')
    return { bytes, origin: 'network' }
  },
})

const readKept = async ({ store, subtle }: Deps, ref: ChunkRef, signal: AbortSignal): Promise<Bytes | undefined> => {
  const bytes = await store.get(ref.id, signal).catch(() => undefined)
  signal.throwIfAborted()
  if (bytes === undefined) return undefined
  if (await isWhatWasNamed(subtle, ref, bytes)) return bytes
  await store.delete(ref.id)
  return undefined
}

const fetchVerified = async (
  deps: Deps,
  wanted: { ref: ChunkRef; isAgain: boolean },
  signal: AbortSignal,
): Promise<Bytes | undefined> => {
  const { ref, isAgain } = wanted
  const beganAt = deps.clock.elapsedMs()
  const reply = await deps.source.read(ref.id, { isAgain, signal })
  signal.throwIfAborted()
  const bytes = bytesOf(reply, ref)
  deps.throughput.add({ sizeBytes: bytes.length, durationMs: deps.clock.elapsedMs() - beganAt })
  return (await isWhatWasNamed(deps.subtle, ref, bytes)) ? bytes : undefined
}

const bytesOf = (reply: ChunkReply, ref: ChunkRef): Bytes => {
  if (reply.kind === 'read') return reply.bytes
  if (reply.kind === 'gone') throw new StreamFailure('chunk-gone', `the server has no chunk ${ref.id}`)
  throw new StreamFailure(reply.isOffline ? 'offline' : 'unreachable', `chunk ${ref.id} could not be fetched`)
}

const isWhatWasNamed = async (subtle: SubtleCrypto, ref: ChunkRef, bytes: Bytes): Promise<boolean> =>
  bytes.length === ref.sizeBytes && (await chunkIdOf(subtle, bytes)) === ref.id
