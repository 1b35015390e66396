import { durationMsOf } from '@tonestead/protocol/manifest'
import { createKeyWaiter } from './engine/licensing/wait-for-key.ts'
import { createChunkReader } from './engine/streaming/read-chunk.ts'
import { openSegmentFeed, type SegmentFeed } from './engine/streaming/segment-feed.ts'
import { createThroughput } from './engine/streaming/throughput.ts'
import { createTrackStream } from './engine/streaming/track-stream.ts'
import { createCacheChunkStore } from './platform/browser-storage/cache-chunk-store.ts'
import { createHttpChunkSource } from './platform/network/http-chunk-source.ts'
import { createIdbContentKeyStore } from './platform/browser-storage/idb-content-key-store.ts'
import { createIdbPlayStore } from './platform/browser-storage/idb-play-store.ts'
import { canFeed, feedMediaSource } from './platform/audio/media-source-feed.ts'
import type { Database } from './platform/browser-storage/open-database.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'

// Composition root of playing without a service worker: the same verified chunks, opened in the page and fed to the element segment by segment;
// where the element takes no media source, the whole virtual file as a blob. Nothing is asked of the server that the worker would not ask.

type Listening = { readonly playId: string; readonly positionMs: () => number; readonly signal: AbortSignal }

/** A URL to play from. Rejects with a StreamFailure; the abort ends the feeding. */
export const streamInPage = async (database: Database, listening: Listening): Promise<string | undefined> => {
  const deps = createDeps(database, listening.signal)
  const feed = await openSegmentFeed(deps, listening.playId)
  const mediaType = mediaTypeOf(feed)
  if (!canFeed(mediaType)) return readWhole(deps, listening)
  const { head } = feed
  const inMs = (samples: number): number => (samples * 1000) / head.sampleRateHz
  const recording = {
    ...{ mediaType, init: feed.init, read: feed.read, slotCount: head.segmentCount },
    slotMs: inMs(head.framesPerSegment * head.samplesPerFrame),
    durationMs: durationMsOf(head),
    delayMs: inMs(head.encoderDelay),
  }
  return feedMediaSource({ recording, positionMs: listening.positionMs, clock, signal: listening.signal })
}

const mediaTypeOf = ({ head }: SegmentFeed): string =>
  `audio/mp4; codecs="${head.ladder === 'aac' ? 'mp4a.40.2' : 'flac'}"`

const createDeps = (database: Database, signal: AbortSignal) => {
  const { subtle } = crypto
  const store = createCacheChunkStore(caches)
  const throughput = createThroughput()
  const source = createHttpChunkSource({ fetch: (input, init) => fetch(input, init), isOnline: () => navigator.onLine })
  const keys = createKeyWaiter({ keys: createIdbContentKeyStore(database), clock })
  signal.addEventListener('abort', clock.every(200, keys.onKeys), { once: true })
  return {
    subtle,
    store,
    throughput,
    clock,
    plays: createIdbPlayStore(database),
    chunks: createChunkReader({ store, source, subtle, clock, throughput }),
    contentKey: keys.contentKey,
  }
}

const readWhole = async (
  deps: ReturnType<typeof createDeps>,
  { playId, signal }: Listening,
): Promise<string | undefined> => {
  const { body } = await createTrackStream({ ...deps, tell: () => undefined, isPaced: false }).respond(
    playId,
    undefined,
  )
  return body === undefined
    ? undefined
    : URL.createObjectURL(new Blob(await readParts(body, signal), { type: 'audio/mp4' }))
}

const readParts = async (body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part as Uint8Array<ArrayBuffer>) })
  await body.pipeTo(sink, { signal })
  return parts
}
