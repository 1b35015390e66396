import { durationMsOf } from '@tonestead/protocol/manifest'
import { createKeyWaiter } from './engine/licensing/wait-for-key.ts'
import { createChunkReader } from './engine/streaming/read-chunk.ts'
import { openSegmentFeed, type SegmentFeed } from './engine/streaming/segment-feed.ts'
import { slotAtMs, slotStartMs } from './engine/streaming/slot-time.ts'
import { createThroughput } from './engine/streaming/throughput.ts'
import { createTrackStream } from './engine/streaming/track-stream.ts'
import { createCacheChunkStore } from './platform/browser-storage/cache-chunk-store.ts'
import { createHttpChunkSource } from './platform/network/http-chunk-source.ts'
import { createIdbContentKeyStore } from './platform/browser-storage/idb-content-key-store.ts'
import { createIdbPlayStore } from './platform/browser-storage/idb-play-store.ts'
import { canFeed, feedMediaSource } from './platform/audio/media-source-feed.ts'
import type { Database } from './platform/browser-storage/open-database.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import type { Log } from './ports/log.ts'

// Composition root of playback without a service worker: the same verified chunks, decrypted in the page and appended to a media source segment by segment;
// where the browser has no Media Source Extensions, the whole virtual file as a blob. The server gets the same requests as from the worker.

type Options = {
  readonly playId: string
  readonly positionMs: () => number
  readonly signal: AbortSignal
  readonly log: Log
}

/** A URL to play from. Rejects with a StreamFailure. The abort ends the stream. */
export const streamInPage = async (database: Database, options: Options): Promise<string | undefined> => {
  const deps = createDeps(database, options)
  const feed = await openSegmentFeed(deps, options.playId)
  const mediaType = mediaTypeOf(feed)
  if (!canFeed(mediaType)) return readWhole(deps, options)
  const { head } = feed
  const recording = {
    ...{ mediaType, init: feed.init, read: feed.read, slotCount: head.segmentCount },
    slotStartMs: (slot: number) => slotStartMs(head, slot),
    slotAtMs: (positionMs: number) => slotAtMs(head, positionMs),
    durationMs: durationMsOf(head),
    delayMs: (head.encoderDelay * 1000) / head.sampleRateHz,
  }
  return feedMediaSource({ recording, positionMs: options.positionMs, clock, signal: options.signal, log: options.log })
}

const mediaTypeOf = ({ head }: SegmentFeed): string =>
  `audio/mp4; codecs="${head.ladder === 'aac' ? 'mp4a.40.2' : 'flac'}"`

const createDeps = (database: Database, { signal, log }: Options) => {
  const { subtle } = crypto
  const store = createCacheChunkStore(caches, log)
  const throughput = createThroughput()
  const source = createHttpChunkSource({ fetch: (input, init) => fetch(input, init), isOnline: () => navigator.onLine })
  const keys = createKeyWaiter({ keys: createIdbContentKeyStore(database), clock })
  signal.addEventListener('abort', clock.every(200, keys.onKeys), { once: true })
  return {
    subtle,
    store,
    throughput,
    clock,
    log,
    plays: createIdbPlayStore(database),
    chunks: createChunkReader({ store, source, subtle, clock, throughput, log }),
    contentKey: keys.contentKey,
  }
}

const readWhole = async (
  deps: ReturnType<typeof createDeps>,
  { playId, signal }: Options,
): Promise<string | undefined> => {
  const stream = createTrackStream({ ...deps, notify: () => undefined, isPaced: false })
  const { body } = await stream.respond(playId, undefined)
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
