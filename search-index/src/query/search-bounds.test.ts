import { describe, expect, it } from 'vitest'
import type { SearchDocument } from '../document.ts'
import { createSearchIndex } from '../search-index.ts'

const track = (id: number, title: string, name: string): SearchDocument => ({
  kind: 'track',
  id: String(id),
  title,
  credits: [{ id: name, name, join: '' }],
  popularity: 1_000_000 - id,
  isPublic: true,
  isLossless: false,
  isInLibrary: false,
})

/** Every title has the words of the query in the wrong order with others between them, so that all score alike and each must be compared. */
const alike = Array.from({ length: 6_000 }, (_, id) =>
  track(id, `go x${id % 50} to y${id} town z${id}`, `Band ${id % 10}`),
)
const artists: SearchDocument[] = Array.from({ length: 20 }, (_, id) => ({
  ...track(id, `Town Go To ${id}`, ''),
  kind: 'artist',
  credits: [],
}))

describe('[SA5] a search', () => {
  const index = createSearchIndex([...alike, ...artists])

  it('that meets its limits says so and gives the most popular documents', () => {
    const { groups, isCut } = index.search({ text: 'town go to', limit: 200, isComplete: true })
    expect(isCut).toBe(true)
    expect(groups.track.hits).toHaveLength(200)
    expect(groups.track.hits.every(({ id }) => Number(id) < 2_500)).toBe(true)
  })

  it('finds artists although the limits for tracks are used up', () => {
    expect(index.search({ text: 'town go to', limit: 200, isComplete: true }).groups.artist.hits).toHaveLength(20)
  })

  it('with few matching documents is not cut', () => {
    const { groups, isCut } = index.search({ text: 'town y4711' })
    expect(isCut).toBe(false)
    expect(groups.track.hits[0]?.id).toBe('4711')
  })
})
