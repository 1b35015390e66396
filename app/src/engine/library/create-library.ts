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
import type { ValueStore } from '../../ports/value-store.ts'
import type { SignedClient } from '../server/signed-client.ts'
import type { Library, Slice } from './library.ts'
import type { Answer } from '../server/answer.ts'

type Deps = {
  readonly client: SignedClient
  readonly http: HttpClient
  readonly answers: ValueStore
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  /** Licenses are asked for when tracks are shown, so that Play finds the key here. */
  readonly onTracks: (recordings: readonly RecordingId[]) => void
}

/** Answers kept for the time without a server. */
const mostAnswers = 2_000
const pruneEvery = 50
/** A server that has not answered by now is treated as away where an older answer is at hand. */
const patienceMs = 4_000

export const createLibrary = (deps: Deps): Library => {
  const answers = createKeptAnswers(deps.answers)
  const ask = createAsk(deps, answers)
  const listed = (path: string, slice: Slice, signal: AbortSignal): Question => ({
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
    releases: (slice, signal) => ask(listed('/api/releases', slice, signal), releasePageSchema),
    artists: (slice, signal) => ask(listed('/api/artists', slice, signal), artistPageSchema),
    tracks: (slice, signal) =>
      withTracks(ask(listed('/api/tracks', slice, signal), trackPageSchema), (page) => page.items),
    release: (id, signal) =>
      withTracks(ask({ path: `/api/releases/${id}`, signal }, releaseSchema), (release) => release.tracks),
    artist: (id, signal) =>
      withTracks(ask({ path: `/api/artists/${id}`, signal }, artistSchema), (artist) => artist.tracks),
    track: (id, signal) => withTracks(ask({ path: `/api/tracks/${id}`, signal }, trackSchema), (track) => [track]),
    tracksById: (ids, signal) => withTracks(askForTracks(deps, answers, { ids, signal }), (tracks) => tracks),
    waveform: (track, signal) => readWaveform(deps, track, signal),
  }
}

type Question = {
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly signal: AbortSignal
}

const nameOf = ({ path, query }: Pick<Question, 'path' | 'query'>): string => `${path}?${new URLSearchParams(query)}`

type KeptAnswers = {
  keep(name: string, value: unknown): Promise<void>
  read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>
}

const createKeptAnswers = (answers: ValueStore): KeptAnswers => {
  let kept = 0
  return {
    keep: async (name, value) => {
      await answers.put(name, value)
      kept += 1
      if (kept % pruneEvery === 0) await answers.prune(mostAnswers)
    },
    read: async (name, schema) => schema.safeParse(await answers.get(name).catch(() => undefined)).data,
  }
}

/** What may stand in for the server's answer: `early` where it is late, `absent` where there is none. */
type CacheFallback<T> = { readonly early: () => Promise<Answer<T>>; readonly absent: () => Promise<Answer<T>> }

/** The server's answer, else the one that stands in for it. */
const withCacheFallback = async <T>(
  clock: Clock,
  asking: { fromServer: Promise<Answer<T>>; signal: AbortSignal },
  { early, absent }: CacheFallback<T>,
): Promise<Answer<T>> => {
  const { fromServer, signal } = asking
  const late = new AbortController()
  const impatient = clock.after(patienceMs, AbortSignal.any([late.signal, signal])).then(early)
  // Whoever comes second must not end as an unhandled rejection.
  impatient.catch(() => undefined)
  const first = await Promise.race([
    fromServer,
    impatient.then(
      (kept) => (kept.kind === 'ready' ? kept : fromServer),
      () => fromServer,
    ),
  ])
  late.abort()
  return first.kind === 'offline' ? absent() : first
}

/** The server's answer, which is then kept; without a server the kept one. */
const createAsk =
  ({ client, clock }: Deps, answers: KeptAnswers) =>
  <T>(question: Question, schema: z.ZodType<T>): Promise<Answer<T>> => {
    const name = nameOf(question)
    const readKept = async (): Promise<Answer<T>> => {
      const value = await answers.read(name, schema)
      return value === undefined ? { kind: 'offline' } : { kind: 'ready', value }
    }
    const fromServer = client.request({ method: 'GET', ...question }, schema).then((answer) => {
      if (answer.kind === 'ready') void answers.keep(name, answer.value).catch(() => undefined)
      return answer
    })
    return withCacheFallback(clock, { fromServer, signal: question.signal }, { early: readKept, absent: readKept })
  }

const mostIds = 50
const tracksSchema = z.object({ items: z.array(trackSchema) })
const nameOfTrack = (id: TrackId): string => nameOf({ path: `/api/tracks/${id}` })

/** Each track is kept as one that was asked for alone. */
const askForTracks = async (
  { client, clock }: Deps,
  answers: KeptAnswers,
  asked: { ids: readonly TrackId[]; signal: AbortSignal },
): Promise<Answer<readonly Track[]>> => {
  const ids = [...new Set(asked.ids)].slice(0, mostIds)
  if (ids.length === 0) return { kind: 'ready', value: [] }
  const inOrder = (tracks: readonly Track[]): Answer<readonly Track[]> => ({
    kind: 'ready',
    value: ids.flatMap((id) => tracks.find((track) => track.id === id) ?? []),
  })
  const readKept = async (): Promise<readonly Track[]> =>
    (await Promise.all(ids.map((id) => answers.read(nameOfTrack(id), trackSchema)))).filter(
      (track) => track !== undefined,
    )
  const early = async (): Promise<Answer<readonly Track[]>> => {
    const kept = await readKept()
    return kept.length === ids.length ? inOrder(kept) : { kind: 'offline' }
  }
  const absent = async (): Promise<Answer<readonly Track[]>> => {
    const kept = await readKept()
    return kept.length > 0 ? inOrder(kept) : { kind: 'offline' }
  }
  const fromServer = client
    .request({ method: 'GET', path: '/api/tracks', query: { ids: ids.join(',') }, signal: asked.signal }, tracksSchema)
    .then((answer): Answer<readonly Track[]> => {
      if (answer.kind !== 'ready') return answer
      for (const track of answer.value.items) void answers.keep(nameOfTrack(track.id), track).catch(() => undefined)
      return inOrder(answer.value.items)
    })
  return withCacheFallback(clock, { fromServer, signal: asked.signal }, { early, absent })
}

const readWaveform = async (
  { http, answers, subtle }: Deps,
  track: Track,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> => {
  const id = track.waveform
  if (id === undefined) return undefined
  const kept = await answers.get(`waveform/${id}`).catch(() => undefined)
  if (kept instanceof Uint8Array) return kept
  const reply = await http.send({ method: 'GET', path: `/chunks/${id}`, headers: {}, signal })
  if (reply.kind === 'unreachable' || reply.status !== 200) return undefined
  const bytes = await reply.bytes()
  if ((await chunkIdOf(subtle, bytes)) !== id) return undefined
  void answers.put(`waveform/${id}`, bytes).catch(() => undefined)
  return bytes
}
