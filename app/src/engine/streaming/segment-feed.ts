import { openChunk } from '@tonestead/protocol/chunk'
import type { Bytes } from '@tonestead/protocol/bytes'
import { initSegment } from '@tonestead/protocol/init-segment'
import type { ManifestHead } from '@tonestead/protocol/manifest'
import type { Log } from '../../ports/log.ts'
import type { PlayStore } from '../../ports/play-store.ts'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import { chooseRendition, qualityIndex } from './choose-rendition.ts'
import { openPlayHead } from './open-play-head.ts'
import type { ChunkReader } from './read-chunk.ts'
import { cachedAmong } from './cached-among.ts'
import { createSegmentMap } from './segment-map.ts'
import { StreamFailure } from './stream-failure.ts'
import type { Throughput } from './throughput.ts'

/** A recording as CMAF segments, for a media source in the page where no service worker can serve the file. Every chunk is verified before it is decrypted. */
export type SegmentFeed = {
  readonly head: ManifestHead
  /** The initialization segment, one for all renditions of the ladder. */
  readonly init: Bytes
  /** A decrypted segment. `slotsSinceStart` counts from the start or seek. Rejects with a StreamFailure or the signal's reason. */
  readonly read: (slot: number, slotsSinceStart: number, signal: AbortSignal) => Promise<Bytes>
}

type Deps = {
  readonly plays: PlayStore
  readonly store: ChunkStore
  readonly chunks: ChunkReader
  readonly throughput: Throughput
  readonly subtle: SubtleCrypto
  readonly log: Log
  readonly contentKey: (head: ManifestHead, signal: AbortSignal) => Promise<CryptoKey>
}

/** Renditions are chosen as for the virtual file, but without pins: an element does not request an appended segment again. */
export const openSegmentFeed = async (deps: Deps, playId: string): Promise<SegmentFeed> => {
  const { head, record } = await openPlayHead(deps, playId)
  const quality = qualityIndex(record, head)
  const segments = createSegmentMap(head, deps.chunks)
  const bitratesBps = head.renditions.map((rendition) => rendition.bitrateBps)
  let previous: number | undefined
  return {
    head,
    init: initSegment(head),
    read: async (slot, slotsSinceStart, signal) => {
      const refs = await segments.refs(slot, signal)
      const cached = await cachedAmong(deps, refs)
      const wanted = chooseRendition({
        slot,
        bitratesBps,
        pinned: undefined,
        cached,
        quality,
        pattern: undefined,
        throughputBps: deps.throughput.bitsPerSecond(),
        previous,
        slotsSinceStart,
      })
      const [ref, name] = [refs[wanted], head.renditions[wanted]?.name]
      if (ref === undefined || name === undefined) throw new StreamFailure('head-invalid', 'no such rendition')
      previous = wanted
      const [chunk, key] = await Promise.all([deps.chunks.read(ref, signal), deps.contentKey(head, signal)])
      return openChunk(deps.subtle, key, {
        address: { recordingId: head.recordingId, keyVersion: head.keyVersion, rendition: name, index: slot },
        chunk: chunk.bytes,
      })
    },
  }
}
