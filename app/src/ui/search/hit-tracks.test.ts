import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import { expect, test } from 'vitest'
import type { Answer } from '../../engine/server/answer.ts'
import { createHitTracks } from './hit-tracks.ts'

const idOf = (letter: string): TrackId => parseTrackId(letter.repeat(26))
const trackOf = (id: TrackId): Track => ({ id, title: id.slice(0, 1) }) as Track

const setUp = (
  answer: (ids: readonly TrackId[]) => Answer<readonly Track[]> = (ids) => ({ kind: 'ready', value: ids.map(trackOf) }),
) => {
  const failures: unknown[] = []
  const requested: TrackId[][] = []
  const rests: (() => void)[] = []
  const tracks = createHitTracks({
    tracksById: (ids) => {
      requested.push([...ids])
      return Promise.resolve().then(() => answer(ids))
    },
    onFailure: (cause) => failures.push(cause),
    rest: (signal) =>
      new Promise((resolve) => {
        rests.push(resolve)
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return { tracks, requested, failures, settle, rest: async () => (rests.forEach((resolve) => resolve()), settle()) }
}
const signal = new AbortController().signal

test('one request loads all tracks of the list when the typing pauses, and none those of earlier lists', async () => {
  const { tracks, requested, rest } = setUp()
  tracks.show([idOf('a')])
  tracks.show([idOf('b'), idOf('c')])
  await rest()
  expect(requested).toEqual([[idOf('b'), idOf('c')]])
  expect(tracks.get(idOf('c'))?.title).toBe('c')
  tracks.show([idOf('c'), idOf('d')])
  await rest()
  expect(requested[1]).toEqual([idOf('d')])
})

test('a track that is to be played is requested at once', async () => {
  const { tracks, requested } = setUp()
  tracks.show([idOf('a'), idOf('b'), idOf('c')])
  const answer = await tracks.need(idOf('b'), signal)
  expect(answer).toMatchObject({ kind: 'ready', value: { id: idOf('b') } })
  expect(requested).toEqual([[idOf('b'), idOf('c')]])
})

test('a track that cannot be loaded is reported as offline or as a problem', async () => {
  const offline = setUp(() => ({ kind: 'offline' }))
  offline.tracks.show([idOf('a')])
  expect(await offline.tracks.need(idOf('a'), signal)).toEqual({ kind: 'offline' })
  const gone = setUp(() => ({ kind: 'ready', value: [] }))
  expect(await gone.tracks.need(idOf('a'), signal)).toMatchObject({ kind: 'problem' })
  expect(await gone.tracks.need('no id at all', signal)).toMatchObject({ kind: 'problem' })
})

test('a long list is requested in parts of 50', async () => {
  const { tracks, requested, rest } = setUp()
  const ids = Array.from({ length: 60 }, (_, index) =>
    parseTrackId(`${'abcdefgh'[index >> 3] ?? ''}${'abcdefgh'[index & 7] ?? ''}`.padEnd(26, '2')),
  )
  tracks.show(ids)
  await rest()
  expect(requested[0]?.length).toBe(50)
  await tracks.need(ids[55] ?? '', signal)
  expect(requested[1]).toEqual(ids.slice(55))
})

test('a failed request that nobody waits for is reported, and made again when a track is to be played', async () => {
  const fault = new Error('the request failed')
  const { tracks, requested, failures, rest } = setUp(() => {
    throw fault
  })
  tracks.show([idOf('a')])
  await rest()
  expect(failures).toEqual([fault])
  await expect(tracks.need(idOf('a'), signal)).rejects.toBe(fault)
  expect(requested.length).toBe(2)
})
