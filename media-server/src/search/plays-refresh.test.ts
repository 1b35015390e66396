import { parseUnixMs } from '@tonestead/crdt/instant'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import { expect, it } from 'vitest'
import type { SearchTrack, SearchSource } from '../ports/search-source.ts'
import { toSearchDocument } from './to-search-document.ts'
import { createPlaysRefresh } from './plays-refresh.ts'

const track = (id: string, plays: number): SearchTrack => ({
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

it('updates the popularity of what was played after some minutes, but not for small differences', async () => {
  let now = 20_000 * 86_400_000
  let plays = { a: 100, b: 10 }
  const queriedDays: number[] = []
  const source = {
    playedSince: async (day: number) => {
      queriedDays.push(day)
      return [
        { kind: 'track', id: 'a' },
        { kind: 'track', id: 'b' },
      ]
    },
    items: async () => [track('a', plays.a), track('b', plays.b)],
  } as unknown as SearchSource
  const index = createSearchIndex([
    toSearchDocument(track('a', 100), 'listeners'),
    toSearchDocument(track('b', 10), 'listeners'),
  ])
  const { refresh } = createPlaysRefresh(
    { source, clock: { now: () => parseUnixMs(now), after: () => Promise.resolve() } },
    now,
  )
  const order = () => index.search({ text: 'same song' }).groups.track.hits.map((hit) => hit.id)
  await refresh(index)
  expect(queriedDays).toEqual([])
  plays = { a: 102, b: 10 }
  now += 200_000
  await refresh(index)
  expect([queriedDays, index.pendingCount(), order()]).toEqual([[20_000], 0, ['a', 'b']])
  plays = { a: 102, b: 5000 }
  now += 86_400_000
  await refresh(index)
  expect([queriedDays, index.document('track', 'b')?.popularity, order()]).toEqual([[20_000, 20_000], 5000, ['b', 'a']])
  await refresh(index)
  expect(queriedDays).toHaveLength(2)
})
