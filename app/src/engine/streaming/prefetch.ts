import type { SigningJwk } from '@tonestead/protocol/device-log'
import { openManifestHead } from '@tonestead/protocol/manifest'
import { importServerKey } from '@tonestead/protocol/server-key'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import { chooseRendition, startSlots } from './choose-rendition.ts'
import type { ChunkReader } from './read-chunk.ts'
import type { Throughput } from './throughput.ts'

type Deps = {
  readonly chunks: ChunkReader
  readonly store: ChunkStore
  readonly throughput: Throughput
  readonly subtle: SubtleCrypto
}

/** Caches the first chunks of the next track, in the best rendition that the throughput allows, since there is time. Slots that are cached already are skipped. */
export const prefetchStart = async (
  deps: Deps,
  wanted: { signedHead: Uint8Array; serverKey: SigningJwk },
  signal: AbortSignal,
): Promise<void> => {
  const key = await importServerKey(deps.subtle, wanted.serverKey)
  const head = await openManifestHead(deps.subtle, key, wanted.signedHead)
  if (head === undefined) return
  const bitratesBps = head.renditions.map((rendition) => rendition.bitrateBps)
  for (let slot = 0; slot < Math.min(startSlots, head.segmentCount); slot += 1) {
    const refs = head.renditions.flatMap((rendition) => rendition.first[slot] ?? [])
    const isCached = await Promise.all(refs.map((ref) => deps.store.has(ref.id)))
    if (isCached.includes(true)) continue
    const throughputBps = deps.throughput.bitsPerSecond()
    const highest = bitratesBps.length - 1
    const choice = chooseRendition({
      slot,
      bitratesBps,
      pinned: undefined,
      cached: [],
      quality: 'auto',
      pattern: undefined,
      throughputBps,
      previous: highest,
      slotsSinceStart: startSlots,
    })
    const ref = refs[choice]
    if (ref !== undefined) await deps.chunks.read(ref, signal)
  }
  await deps.chunks.read(head.tail, signal)
}
