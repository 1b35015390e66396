import type { ChunkRef } from '@tonestead/protocol/manifest'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Log } from '../../ports/log.ts'

/** The indexes of those chunks that are cached on this device. A cache that cannot be read counts as empty. */
export const cachedAmong = async (
  { store, log }: { readonly store: ChunkStore; readonly log: Log },
  refs: readonly ChunkRef[],
): Promise<number[]> => {
  const found = await Promise.all(
    refs.map((ref) => store.has(ref.id).catch(log.failed('the chunk cache was not read'))),
  )
  return found.flatMap((isCached, index) => (isCached === true ? [index] : []))
}
