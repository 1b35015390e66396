import { parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { chunkIdOf } from '@tonestead/protocol/chunk'
import type { Track } from '@tonestead/protocol/catalog'
import { expect, test } from 'vitest'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { ApiRequest } from '../server/send-signed.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createLibrary } from './create-library.ts'
import type { Answer } from '../server/answer.ts'

const never = new AbortController().signal
const id = parseReleaseId('a'.repeat(26))
const page = { items: [], total: 0 }
const track = {
  id: 'b'.repeat(26),
  recordingId: 'c'.repeat(26),
  title: 'T',
  credits: [],
  release: { id, title: 'R' },
  disc: 1,
  durationMs: 1,
  heads: { aac: '' },
}
const release = {
  id,
  title: 'R',
  credits: [],
  type: 'album',
  trackCount: 1,
  durationMs: 1,
  isPublic: true,
  addedAt: 1,
  tracks: [track],
}

const createWorld = () => {
  const clock = createManualClock()
  const wanted: string[][] = []
  const requests: ApiRequest[] = []
  const server: {
    answer: (request: ApiRequest) => Promise<Answer<unknown>>
    chunk: Uint8Array<ArrayBuffer> | undefined
  } = { answer: async () => ({ kind: 'ready', value: page }), chunk: undefined }
  const client = {
    request: (request: ApiRequest) => (requests.push(request), server.answer(request)),
  } as unknown as SignedClient
  const http: HttpClient = {
    send: async () =>
      server.chunk === undefined
        ? { kind: 'unreachable' }
        : ({ kind: 'reply', status: 200, bytes: () => Promise.resolve(server.chunk!) } as never),
  }
  const library = createLibrary({
    client,
    http,
    answers: createMemoryValueStore(),
    subtle: crypto.subtle,
    clock,
    log,
    onTracks: (recordings) => void wanted.push([...recordings]),
  })
  return {
    clock,
    wanted,
    requests,
    server,
    library,
    list: () => library.releases({ offset: 0, limit: 50, sort: 'name' }, never),
  }
}

test('without a server the cached answer is returned, and only for the same request', async () => {
  const world = createWorld()
  await world.list()
  world.server.answer = async () => ({ kind: 'offline' })
  expect(await world.list()).toEqual({ kind: 'ready', value: page })
  expect(await world.library.releases({ offset: 50, limit: 50, sort: 'name' }, never)).toEqual({ kind: 'offline' })
})
test('a problem is returned, also where an answer is cached', async () => {
  const world = createWorld()
  await world.list()
  world.server.answer = async () => ({ kind: 'problem', code: 'not-permitted', title: 'No' })
  expect(await world.list()).toMatchObject({ kind: 'problem', code: 'not-permitted' })
})
test('after a timeout the cached answer is returned; where none is cached the server is awaited', async () => {
  const world = createWorld()
  await world.list()
  world.server.answer = () => new Promise(() => undefined)
  const answer = world.list()
  await world.clock.advance(5000)
  expect(await answer).toEqual({ kind: 'ready', value: page })
  let isSettled = false
  void world.library.release(id, never).then(() => (isSettled = true))
  await world.clock.advance(10_000)
  expect(isSettled).toBe(false)
})
test('licenses are requested for the tracks of an answer', async () => {
  const world = createWorld()
  world.server.answer = async () => ({ kind: 'ready', value: release })
  await world.library.release(id, never)
  expect(world.wanted).toEqual([['c'.repeat(26)]])
})
test('a waveform is accepted only with the right hash, and then cached', async () => {
  const world = createWorld()
  const bytes = Uint8Array.of(1, 2, 3)
  const withWaveform = { ...track, waveform: await chunkIdOf(crypto.subtle, bytes) } as unknown as Track
  world.server.chunk = Uint8Array.of(9)
  expect(await world.library.waveform(withWaveform, never)).toBeUndefined()
  world.server.chunk = bytes
  expect(await world.library.waveform(withWaveform, never)).toEqual(bytes)
  world.server.chunk = undefined
  expect(await world.library.waveform(withWaveform, never)).toEqual(bytes)
})
test('tracks by id come in the requested order, and cached ones also without a server', async () => {
  const world = createWorld()
  const [one, two] = [track, { ...track, id: 'd'.repeat(26), title: 'U' }]
  const ids = [two.id, one.id, 'e'.repeat(26)].map(parseTrackId)
  world.server.answer = async () => ({ kind: 'ready', value: { items: [one, two] } })
  expect(await world.library.tracksById(ids, never)).toEqual({ kind: 'ready', value: [two, one] })
  expect(world.requests.at(-1)).toMatchObject({ path: '/api/tracks', query: { ids: ids.join(',') } })
  world.server.answer = async () => ({ kind: 'offline' })
  expect(await world.library.track(ids[0]!, never)).toEqual({ kind: 'ready', value: two })
  expect(await world.library.tracksById(ids.slice(1), never)).toEqual({ kind: 'ready', value: [one] })
  expect(await world.library.tracksById(ids.slice(2), never)).toEqual({ kind: 'offline' })
})
test('without an answer because the server is not ready the cached answer is returned', async () => {
  const world = createWorld()
  await world.list()
  world.server.answer = async () => ({ kind: 'problem', code: 'not-ready', title: 'Not ready' })
  expect(await world.list()).toEqual({ kind: 'ready', value: page })
})
