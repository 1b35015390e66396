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
  const asked: TrackId[][] = []
  const rests: (() => void)[] = []
  const tracks = createHitTracks({
    tracksById: (ids) => {
      asked.push([...ids])
      return Promise.resolve(answer(ids))
    },
    rest: (signal) =>
      new Promise((resolve) => {
        rests.push(resolve)
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return { tracks, asked, settle, rest: async () => (rests.forEach((resolve) => resolve()), settle()) }
}
const signal = new AbortController().signal

test('one request asks for all shown tracks when the typing rests, and none for lists left behind', async () => {
  const { tracks, asked, rest } = setUp()
  tracks.show([idOf('a')])
  tracks.show([idOf('b'), idOf('c')])
  await rest()
  expect(asked).toEqual([[idOf('b'), idOf('c')]])
  expect(tracks.get(idOf('c'))?.title).toBe('c')
  tracks.show([idOf('c'), idOf('d')])
  await rest()
  expect(asked[1]).toEqual([idOf('d')])
})

test('who wants to play does not wait for the rest', async () => {
  const { tracks, asked } = setUp()
  tracks.show([idOf('a'), idOf('b'), idOf('c')])
  const answer = await tracks.need(idOf('b'), signal)
  expect(answer).toMatchObject({ kind: 'ready', value: { id: idOf('b') } })
  expect(asked).toEqual([[idOf('b'), idOf('c')]])
})

test('what cannot be had is said', async () => {
  const offline = setUp(() => ({ kind: 'offline' }))
  offline.tracks.show([idOf('a')])
  expect(await offline.tracks.need(idOf('a'), signal)).toEqual({ kind: 'offline' })
  const gone = setUp(() => ({ kind: 'ready', value: [] }))
  expect(await gone.tracks.need(idOf('a'), signal)).toMatchObject({ kind: 'problem' })
  expect(await gone.tracks.need('no id at all', signal)).toMatchObject({ kind: 'problem' })
})

test('a long list is asked for in parts', async () => {
  const { tracks, asked, rest } = setUp()
  const ids = Array.from({ length: 60 }, (_, index) =>
    parseTrackId(`${'abcdefgh'[index >> 3] ?? ''}${'abcdefgh'[index & 7] ?? ''}`.padEnd(26, '2')),
  )
  tracks.show(ids)
  await rest()
  expect(asked[0]?.length).toBe(50)
  await tracks.need(ids[55] ?? '', signal)
  expect(asked[1]).toEqual(ids.slice(55))
})
