import { parseUnixMs } from '@tonestead/crdt/instant'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import { expect, it } from 'vitest'
import type { FindableTrack, SearchSource } from '../ports/search-source.ts'
import { documentOf } from './document-of.ts'
import { createPlaysRefresh } from './plays-refresh.ts'

const track = (id: string, plays: number): FindableTrack => ({
  kind: 'track',
  id,
  title: 'Same Song',
  credits: [],
  cover: undefined,
  isPublic: true,
  plays,
  release: { id: 'r', title: 'R' },
  year: undefined,
  durationMs: 1,
  isLossless: false,
})

it('weighs anew what was played, after some minutes, and leaves alone what hardly changed', async () => {
  let now = 20_000 * 86_400_000
  let plays = { a: 100, b: 10 }
  const asked: number[] = []
  const source = {
    playedSince: async (day: number) => {
      asked.push(day)
      return [
        { kind: 'track', id: 'a' },
        { kind: 'track', id: 'b' },
      ]
    },
    items: async () => [track('a', plays.a), track('b', plays.b)],
  } as unknown as SearchSource
  const index = createSearchIndex([documentOf(track('a', 100), 'listeners'), documentOf(track('b', 10), 'listeners')])
  const { refresh } = createPlaysRefresh(
    { source, clock: { now: () => parseUnixMs(now), after: () => Promise.resolve() } },
    now,
  )
  const order = () => index.search({ text: 'same song' }).groups.track.hits.map((hit) => hit.id)
  await refresh(index)
  expect(asked).toEqual([])
  plays = { a: 102, b: 10 }
  now += 200_000
  await refresh(index)
  expect([asked, index.pendingCount(), order()]).toEqual([[20_000], 0, ['a', 'b']])
  plays = { a: 102, b: 5000 }
  now += 86_400_000
  await refresh(index)
  expect([asked, index.document('track', 'b')?.popularity, order()]).toEqual([[20_000, 20_000], 5000, ['b', 'a']])
  await refresh(index)
  expect(asked).toHaveLength(2)
})
