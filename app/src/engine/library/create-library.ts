import type { RecordingId } from '@tonestead/crdt/ids'
import { artistPageSchema, artistSchema, releasePageSchema, releaseSchema, searchResultSchema, trackPageSchema, trackSchema, type Track } from '@tonestead/protocol/catalog'
import { chunkIdOf } from '@tonestead/protocol/chunk'
import type { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { SignedClient } from '../account/signed-client.ts'
import type { Answer, Library, Slice } from './library.ts'

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
const mostAnswers = 500
const pruneEvery = 50
/** A server that has not answered by now is treated as away where an older answer is at hand. */
const patienceMs = 4_000

export const createLibrary = (deps: Deps): Library => {
  const ask = createAsk(deps)
  const listed = (path: string, slice: Slice, signal: AbortSignal): Question => ({ path, query: { offset: String(slice.offset), limit: String(slice.limit), sort: slice.sort }, signal })
  const withTracks = async <T>(answer: Promise<Answer<T>>, tracksOf: (value: T) => readonly Track[]): Promise<Answer<T>> => {
    const got = await answer
    if (got.kind === 'ready') deps.onTracks(tracksOf(got.value).map((track) => track.recordingId))
    return got
  }
  return {
    releases: (slice, signal) => ask(listed('/api/releases', slice, signal), releasePageSchema),
    artists: (slice, signal) => ask(listed('/api/artists', slice, signal), artistPageSchema),
    tracks: (slice, signal) => withTracks(ask(listed('/api/tracks', slice, signal), trackPageSchema), (page) => page.items),
    release: (id, signal) => withTracks(ask({ path: `/api/releases/${id}`, signal }, releaseSchema), (release) => release.tracks),
    artist: (id, signal) => withTracks(ask({ path: `/api/artists/${id}`, signal }, artistSchema), (artist) => artist.tracks),
    track: (id, signal) => withTracks(ask({ path: `/api/tracks/${id}`, signal }, trackSchema), (track) => [track]),
    search: (q, signal) => withTracks(ask({ path: '/api/search', query: { q, limit: '8' }, signal }, searchResultSchema), (found) => found.tracks),
    waveform: (track, signal) => readWaveform(deps, track, signal),
  }
}

type Question = { readonly path: string; readonly query?: Readonly<Record<string, string>> | undefined; readonly signal: AbortSignal }

/** The server's answer, which is then kept; without a server the kept one. */
const createAsk = ({ client, answers, clock }: Deps) => {
  let asked = 0

  const keep = async (name: string, value: unknown): Promise<void> => {
    await answers.put(name, value)
    asked += 1
    if (asked % pruneEvery === 0) await answers.prune(mostAnswers)
  }

  return async <T>(question: Question, schema: z.ZodType<T>): Promise<Answer<T>> => {
    const name = `${question.path}?${new URLSearchParams(question.query)}`
    const readKept = async (): Promise<Answer<T>> => {
      const parsed = schema.safeParse(await answers.get(name).catch(() => undefined))
      return parsed.success ? { kind: 'ready', value: parsed.data } : { kind: 'offline' }
    }
    const fromServer = client.request({ method: 'GET', ...question }, schema).then((answer) => {
      if (answer.kind === 'ready') void keep(name, answer.value).catch(() => undefined)
      return answer
    })
    const late = new AbortController()
    const impatient = clock.after(patienceMs, AbortSignal.any([late.signal, question.signal])).then(readKept)
    // Whoever comes second must not end as an unhandled rejection.
    impatient.catch(() => undefined)
    const first = await Promise.race([fromServer, impatient.then((kept) => (kept.kind === 'ready' ? kept : fromServer), () => fromServer)])
    late.abort()
    return first.kind === 'offline' ? readKept() : first
  }
}

const readWaveform = async ({ http, answers, subtle }: Deps, track: Track, signal: AbortSignal): Promise<Uint8Array | undefined> => {
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
