import { chunkIdOf } from '@tonestead/protocol/chunk'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { ChunkRef } from '@tonestead/protocol/manifest'
import type { ChunkReply, ChunkSource } from '../../ports/chunk-source.ts'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { StreamFailure } from './stream-failure.ts'
import type { Throughput } from './throughput.ts'

/** Reads chunks from the cache or the network. */
export type ChunkReader = {
  /** Verified bytes of a chunk or tail. Rejects with a StreamFailure, or with the signal's reason; abort cancels the transfer. */
  read(ref: ChunkRef, signal: AbortSignal): Promise<VerifiedChunk>
}
/** A chunk whose hash is the one in the manifest. */
export type VerifiedChunk = { readonly bytes: Bytes; readonly origin: 'cache' | 'network' }

type Deps = {
  readonly store: ChunkStore
  readonly source: ChunkSource
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly throughput: Throughput
  readonly log: Log
}

/** [ST6] The cache comes before the network. The hash is compared BEFORE the chunk is decrypted: a chunk with another hash is deleted, fetched once more, then refused. */
export const createChunkReader = (deps: Deps): ChunkReader => ({
  read: async (ref, signal) => {
    const cached = await readCached(deps, ref, signal)
    if (cached !== undefined) return { bytes: cached, origin: 'cache' }
    const bytes =
      (await fetchVerified(deps, { ref, isAgain: false }, signal)) ??
      (await fetchVerified(deps, { ref, isAgain: true }, signal))
    if (bytes === undefined) throw new StreamFailure('chunk-damaged', `chunk ${ref.id} came with another hash twice`)
    // Playback does not wait for the cache, which may be full.
    void deps.store.put(ref.id, bytes).catch(deps.log.failed('a chunk was not cached'))
    return { bytes, origin: 'network' }
  },
})

const readCached = async (
  { store, subtle, log }: Deps,
  ref: ChunkRef,
  signal: AbortSignal,
): Promise<Bytes | undefined> => {
  const bytes = await store.get(ref.id, signal).catch(log.failed('a cached chunk was not read'))
  signal.throwIfAborted()
  if (bytes === undefined) return undefined
  if (await hasItsHash(subtle, ref, bytes)) return bytes
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
  return (await hasItsHash(deps.subtle, ref, bytes)) ? bytes : undefined
}

const bytesOf = (reply: ChunkReply, ref: ChunkRef): Bytes => {
  if (reply.kind === 'read') return reply.bytes
  if (reply.kind === 'gone') throw new StreamFailure('chunk-gone', `the server has no chunk ${ref.id}`)
  throw new StreamFailure(reply.isOffline ? 'offline' : 'unreachable', `chunk ${ref.id} could not be fetched`)
}

const hasItsHash = async (subtle: SubtleCrypto, ref: ChunkRef, bytes: Bytes): Promise<boolean> =>
  bytes.length === ref.sizeBytes && (await chunkIdOf(subtle, bytes)) === ref.id
