import type { RecordingId, TrackId } from '@tonestead/crdt/ids'
import {
  artistPageSchema,
  artistSchema,
  releasePageSchema,
  releaseSchema,
  trackPageSchema,
  trackSchema,
  type Track,
} from '@tonestead/protocol/catalog'
import { chunkIdOf } from '@tonestead/protocol/chunk'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { SignedClient } from '../server/signed-client.ts'
import type { Library, Slice } from './library.ts'
import { isUnanswered, type Answer } from '../server/answer.ts'

type Deps = {
  readonly client: SignedClient
  readonly http: HttpClient
  readonly answers: ValueStore
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly log: Log
  /** Licenses are requested when tracks are shown, so that the key is here before Play. */
  readonly onTracks: (recordings: readonly RecordingId[]) => void
}

/** More cached answers than this are pruned, the oldest first. */
const mostAnswers = 2_000
const pruneEvery = 50
/** After this time without an answer of the server a cached one is used. */
const timeoutMs = 4_000

export const createLibrary = (deps: Deps): Library => {
  const answers = createAnswerCache(deps.answers, deps.log)
  const request = createRequest(deps, answers)
  const listed = (path: string, slice: Slice, signal: AbortSignal): LibraryRequest => ({
    path,
    query: { offset: String(slice.offset), limit: String(slice.limit), sort: slice.sort },
    signal,
  })
  const withTracks = async <T>(
    answer: Promise<Answer<T>>,
    tracksOf: (value: T) => readonly Track[],
  ): Promise<Answer<T>> => {
    const got = await answer
    if (got.kind === 'ready') deps.onTracks(tracksOf(got.value).map((track) => track.recordingId))
    return got
  }
  return {
    releases: (slice, signal) => request(listed('/api/releases', slice, signal), releasePageSchema),
    artists: (slice, signal) => request(listed('/api/artists', slice, signal), artistPageSchema),
    tracks: (slice, signal) =>
      withTracks(request(listed('/api/tracks', slice, signal), trackPageSchema), (page) => page.items),
    release: (id, signal) =>
      withTracks(request({ path: `/api/releases/${id}`, signal }, releaseSchema), (release) => release.tracks),
    artist: (id, signal) =>
      withTracks(request({ path: `/api/artists/${id}`, signal }, artistSchema), (artist) => artist.tracks),
    track: (id, signal) => withTracks(request({ path: `/api/tracks/${id}`, signal }, trackSchema), (track) => [track]),
    tracksById: (ids, signal) => withTracks(requestTracks(deps, answers, { ids, signal }), (tracks) => tracks),
    waveform: (track, signal) => readWaveform(deps, track, signal),
  }
}

type LibraryRequest = {
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly signal: AbortSignal
}

const nameOf = ({ path, query }: Pick<LibraryRequest, 'path' | 'query'>): string =>
  `${path}?${new URLSearchParams(query)}`

/** Answers of the server, for the time without it. */
type AnswerCache = {
  /** In the background. */
  put(name: string, value: unknown): void
  get<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>
}

const createAnswerCache = (answers: ValueStore, log: Log): AnswerCache => {
  let writes = 0
  const write = async (name: string, value: unknown): Promise<void> => {
    await answers.put(name, value)
    writes += 1
    if (writes % pruneEvery === 0) await answers.prune(mostAnswers)
  }
  return {
    put: (name, value) => void write(name, value).catch(log.failed('an answer was not cached')),
    get: async (name, schema) =>
      schema.safeParse(await answers.get(name).catch(log.failed('a cached answer was not read'))).data,
  }
}

/** The cached answers that are used instead of the server's: `onTimeout` when it is late, `onOffline` when there is none. */
type CacheFallback<T> = { readonly onTimeout: () => Promise<Answer<T>>; readonly onOffline: () => Promise<Answer<T>> }

/** The answer of the server, else the cached one. */
const withCacheFallback = async <T>(
  clock: Clock,
  { fromServer, signal }: { fromServer: Promise<Answer<T>>; signal: AbortSignal },
  { onTimeout, onOffline }: CacheFallback<T>,
): Promise<Answer<T>> => {
  const settled = new AbortController()
  const onceLate = clock.after(timeoutMs, AbortSignal.any([settled.signal, signal])).then(onTimeout)
  // The loser of the race must not end as an unhandled rejection.
  onceLate.catch(() => undefined)
  const first = await Promise.race([
    fromServer,
    onceLate.then(
      (cached) => (cached.kind === 'ready' ? cached : fromServer),
      () => fromServer,
    ),
  ])
  settled.abort()
  return isUnanswered(first) ? onOffline() : first
}

/** Requests an answer and caches it; without a server the cached one is used. */
const createRequest =
  ({ client, clock }: Deps, answers: AnswerCache) =>
  <T>(wanted: LibraryRequest, schema: z.ZodType<T>): Promise<Answer<T>> => {
    const name = nameOf(wanted)
    const readCached = async (): Promise<Answer<T>> => {
      const value = await answers.get(name, schema)
      return value === undefined ? { kind: 'offline' } : { kind: 'ready', value }
    }
    const fromServer = client.request({ method: 'GET', ...wanted }, schema).then((answer) => {
      if (answer.kind === 'ready') answers.put(name, answer.value)
      return answer
    })
    return withCacheFallback(
      clock,
      { fromServer, signal: wanted.signal },
      { onTimeout: readCached, onOffline: readCached },
    )
  }

const mostIds = 50
const tracksSchema = z.object({ items: z.array(trackSchema) })
const nameOfTrack = (id: TrackId): string => nameOf({ path: `/api/tracks/${id}` })

/** Each track is cached under the name of a request for it alone. */
const requestTracks = async (
  { client, clock }: Deps,
  answers: AnswerCache,
  wanted: { ids: readonly TrackId[]; signal: AbortSignal },
): Promise<Answer<readonly Track[]>> => {
  const ids = [...new Set(wanted.ids)].slice(0, mostIds)
  if (ids.length === 0) return { kind: 'ready', value: [] }
  const inOrder = (tracks: readonly Track[]): Answer<readonly Track[]> => ({
    kind: 'ready',
    value: ids.flatMap((id) => tracks.find((track) => track.id === id) ?? []),
  })
  const readCached = async (): Promise<readonly Track[]> =>
    (await Promise.all(ids.map((id) => answers.get(nameOfTrack(id), trackSchema)))).filter(
      (track) => track !== undefined,
    )
  const onTimeout = async (): Promise<Answer<readonly Track[]>> => {
    const cached = await readCached()
    return cached.length === ids.length ? inOrder(cached) : { kind: 'offline' }
  }
  const onOffline = async (): Promise<Answer<readonly Track[]>> => {
    const cached = await readCached()
    return cached.length > 0 ? inOrder(cached) : { kind: 'offline' }
  }
  const fromServer = client
    .request({ method: 'GET', path: '/api/tracks', query: { ids: ids.join(',') }, signal: wanted.signal }, tracksSchema)
    .then((answer): Answer<readonly Track[]> => {
      if (answer.kind !== 'ready') return answer
      for (const track of answer.value.items) answers.put(nameOfTrack(track.id), track)
      return inOrder(answer.value.items)
    })
  return withCacheFallback(clock, { fromServer, signal: wanted.signal }, { onTimeout, onOffline })
}

const readWaveform = async (
  { http, answers, subtle, log }: Deps,
  track: Track,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> => {
  const id = track.waveform
  if (id === undefined) return undefined
  const cached = await answers.get(`waveform/${id}`).catch(log.failed('a cached waveform was not read'))
  if (cached instanceof Uint8Array) return cached
  const reply = await http.send({ method: 'GET', path: `/chunks/${id}`, headers: {}, signal })
  if (reply.kind === 'unreachable' || reply.status !== 200) return undefined
  const bytes = await reply.bytes()
  if ((await chunkIdOf(subtle, bytes)) !== id) return undefined
  void answers.put(`waveform/${id}`, bytes).catch(log.failed('a waveform was not cached'))
  return bytes
}
