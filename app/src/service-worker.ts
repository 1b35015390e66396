/// <reference lib="webworker" />
import { clientsClaim } from 'workbox-core'
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { config } from 'zod/mini'
import { createLog } from './engine/diagnostics/create-log.ts'
import { createKeyWaiter } from './engine/licensing/wait-for-key.ts'
import { prefetchStart } from './engine/streaming/prefetch.ts'
import { createChunkReader } from './engine/streaming/read-chunk.ts'
import { rangeReply } from './engine/streaming/range-reply.ts'
import { silentFilePath } from './engine/streaming/silent-file-path.ts'
import { createSilentFile } from './engine/streaming/silent-file.ts'
import { createThroughput } from './engine/streaming/throughput.ts'
import { createTrackStream, type StreamReply, type TrackStream } from './engine/streaming/track-stream.ts'
import { createCacheChunkStore } from './platform/browser-storage/cache-chunk-store.ts'
import { respondWithCover } from './platform/browser-storage/cover-cache.ts'
import { createHttpChunkSource } from './platform/network/http-chunk-source.ts'
import { createIdbContentKeyStore } from './platform/browser-storage/idb-content-key-store.ts'
import { createIdbPlayStore } from './platform/browser-storage/idb-play-store.ts'
import { openDatabase } from './platform/browser-storage/open-database.ts'
import { keepForEveryRequest } from './platform/workers/precache-plugin.ts'
import { createShellRemainder, type ShellFile } from './platform/workers/shell-remainder.ts'
import { systemClock } from './platform/system/system-clock.ts'
import { readToWorker } from './platform/workers/worker-messages.ts'
import type { FromWorker, ToWorker } from './ports/stream-worker.ts'

// Composition root of the service worker. It serves /stream/<playId>.m4a, caches covers, and serves the files of the app.

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly (string | { readonly url: string; readonly revision?: string | null })[]
}

const { subtle } = crypto
// zod must not compile code: the content security policy forbids it.
config({ jitless: true })

/** Sends to every page of this origin. */
const post = async (message: FromWorker): Promise<void> => {
  for (const client of await self.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    client.postMessage(message)
}

const log = createLog(
  { clock: systemClock, threshold: 'info', write: (entry) => void post({ kind: 'log', entry }) },
  'service-worker',
)

const wire = async () => {
  const database = await openDatabase()
  const store = createCacheChunkStore(caches, log)
  const source = createHttpChunkSource({ fetch: (input, init) => fetch(input, init), isOnline: () => navigator.onLine })
  const throughput = createThroughput()
  const chunks = createChunkReader({ store, source, subtle, clock: systemClock, throughput, log })
  const keys = createKeyWaiter({ keys: createIdbContentKeyStore(database), clock: systemClock })
  const plays = createIdbPlayStore(database)
  const stream = createTrackStream({
    plays,
    store,
    chunks,
    throughput,
    subtle,
    clock: systemClock,
    log,
    contentKey: keys.contentKey,
    notify: (event) => void post(event),
    isPaced: true,
  })
  return { stream, keys, prefetching: { chunks, store, throughput, subtle } }
}

let wired: ReturnType<typeof wire> | undefined
/** When the database could not be opened, the next request tries again. */
const parts = (): ReturnType<typeof wire> => {
  wired ??= wire()
  wired.catch((cause: unknown) => {
    log.failed('the database was not opened')(cause)
    wired = undefined
  })
  return wired
}

const responseOf = ({ status, headers, body }: StreamReply): Response => new Response(body ?? null, { status, headers })

const respond = async (playId: string, request: Request): Promise<Response> => {
  const { stream } = await parts()
  return responseOf(await stream.respond(playId, request.headers.get('range') ?? undefined))
}

const respondWithSilence = (request: Request): Response => {
  const file = createSilentFile()
  const { status, headers, start, end } = rangeReply(request.headers.get('range') ?? undefined, file.length)
  return new Response(status === 416 ? null : file.slice(start, end + 1), { status, headers })
}

const prefetchLimitMs = 60_000

const pageFile = 'index.html'
const shellFiles = self.__WB_MANIFEST.map((entry): ShellFile =>
  typeof entry === 'string' ? { url: entry, revision: null } : { url: entry.url, revision: entry.revision ?? null },
)
const remainder = createShellRemainder(
  caches,
  shellFiles.filter(({ url }) => url !== pageFile),
)

const handleMessage = async (message: ToWorker): Promise<void> => {
  if (message.kind === 'activate') return self.skipWaiting()
  if (message.kind === 'claim') return self.clients.claim()
  if (message.kind === 'keep-shell') return remainder.keepAll()
  const { stream, keys, prefetching } = await parts()
  if (message.kind === 'keys') return void keys.onKeys()
  if (message.kind === 'prefetch') return prefetchStart(prefetching, message, AbortSignal.timeout(prefetchLimitMs))
  return handlePlayMessage(stream, message)
}

const handlePlayMessage = async (
  stream: TrackStream,
  message: Extract<ToWorker, { kind: 'position' | 'warm' | 'forget' }>,
): Promise<void> => {
  if (message.kind === 'position') stream.onPosition(message.playId, message)
  else if (message.kind === 'forget') stream.forget(message.playIds)
  else await stream.warm(message.playId, message.positionMs)
}

// Before Workbox's own listener, so that playback does not wait for its route table.
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (url.origin !== self.location.origin || event.request.method !== 'GET') return
  const playId = /^\/stream\/([a-z2-7]{26})\.m4a$/.exec(url.pathname)?.[1]
  if (playId !== undefined) event.respondWith(respond(playId, event.request))
  else if (url.pathname === silentFilePath) event.respondWith(respondWithSilence(event.request))
  else if (remainder.has(url.pathname)) event.respondWith(remainder.respond(url.pathname))
  else if (url.pathname.startsWith('/covers/')) event.respondWith(respondWithCover({ caches, log }, event.request))
})

self.addEventListener('message', (event) => {
  const message = readToWorker(event.data)
  // A play that cannot be warmed fails again, with its cause, when the element requests it.
  if (message !== undefined)
    event.waitUntil(handleMessage(message).catch(log.failed('a message failed', { kind: message.kind })))
})

// A first worker must control the page at once, for playback. An update has time to cache all files before it activates.
self.addEventListener('install', (event) => {
  if (self.registration.active !== null) event.waitUntil(remainder.keepAll())
})
self.addEventListener('activate', (event) => event.waitUntil(remainder.clean()))

// A new version waits until the page reports that nothing plays: WebKit stops a media element whose worker is replaced.
clientsClaim()
cleanupOutdatedCaches()
addPlugins([keepForEveryRequest])
precacheAndRoute(shellFiles.filter(({ url }) => url === pageFile))
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/(api|chunks|covers|hls|stream|problems|uploads)\//, /^\/(livez|readyz|metrics)$/, /\.[a-z0-9]+$/],
  }),
)
// parts() logs its failure.
void parts().catch(() => undefined)
