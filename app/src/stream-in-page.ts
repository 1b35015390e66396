import { createKeyWaiter } from './engine/licensing/wait-for-key.ts'
import { createChunkReader } from './engine/streaming/read-chunk.ts'
import { createThroughput } from './engine/streaming/throughput.ts'
import { createTrackStream } from './engine/streaming/track-stream.ts'
import { createCacheChunkStore } from './platform/cache-chunk-store.ts'
import { createHttpChunkSource } from './platform/http-chunk-source.ts'
import { createIdbContentKeyStore } from './platform/idb-content-key-store.ts'
import { createIdbPlayStore } from './platform/idb-play-store.ts'
import type { Database } from './platform/open-database.ts'
import { systemClock } from './platform/system-clock.ts'

// Composition root of playing without a service worker: the same stream, read to its end in the page and given to the element as a blob.
// The start waits for the whole track, and nothing is asked of the server that the worker would not ask.

/** The URL of the whole virtual file; undefined when it could not be read. Abort cancels the reading. */
export const streamInPage = async (database: Database, playId: string, signal: AbortSignal): Promise<string | undefined> => {
  const { subtle } = crypto
  const store = createCacheChunkStore(caches)
  const throughput = createThroughput()
  const chunks = createChunkReader({ store, source: createHttpChunkSource({ fetch: (input, init) => fetch(input, init), isOnline: () => navigator.onLine }), subtle, clock: systemClock, throughput })
  const keys = createKeyWaiter({ keys: createIdbContentKeyStore(database), clock: systemClock })
  const polling = systemClock.every(200, keys.onKeys)
  try {
    const plays = createIdbPlayStore(database)
    const stream = createTrackStream({ plays, store, chunks, throughput, subtle, clock: systemClock, contentKey: keys.contentKey, tell: () => undefined, isPaced: false })
    const { body } = await stream.respond(playId, undefined)
    return body === undefined ? undefined : URL.createObjectURL(new Blob(await readParts(body, signal), { type: 'audio/mp4' }))
  } finally {
    polling()
  }
}

const readParts = async (body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part as Uint8Array<ArrayBuffer>) })
  await body.pipeTo(sink, { signal })
  return parts
}
