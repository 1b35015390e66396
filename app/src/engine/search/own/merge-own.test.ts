import type { SearchHit } from '@tonestead/search-index/answer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupsOf } from '../merge-results.ts'
import type { SearchResult } from '../search.ts'
import { mergeOwn } from './merge-own.ts'

const hit = (id: string, score: number, match: SearchHit['match'] = 'exact'): SearchHit => ({
  kind: 'track',
  id,
  title: id,
  credits: [],
  release: undefined,
  year: undefined,
  durationMs: undefined,
  image: undefined,
  isLossless: false,
  match,
  marks: { title: [], credit: [], release: [] },
  score,
})
const result = (hits: readonly SearchHit[], from: SearchResult['from'], correction?: string): SearchResult => ({
  top: hits.find(({ match }) => match !== 'partial'),
  correction,
  from,
  groups: groupsOf((kind) => ({ hits: kind === 'track' ? hits : [], hasMore: false })),
})
const tracksOf = ({ groups }: SearchResult): readonly SearchHit[] => groups.track.hits

test('[OS4] no hit comes twice, the order is that of the scores, and nothing of the catalog is lost', () => {
  const hits = fc
    .uniqueArray(fc.record({ id: fc.constantFrom(...'abcdefgh'), score: fc.integer({ min: -50, max: 50 }) }), {
      selector: ({ id }) => id,
    })
    .map((some) => some.map(({ id, score }) => hit(id, score)).toSorted((a, b) => b.score - a.score))
  fc.assert(
    fc.property(hits, hits, (catalog, own) => {
      const merged = tracksOf(mergeOwn(result(catalog, 'server'), result(own, 'own')))
      expect(new Set(merged.map(({ id }) => id)).size).toBe(merged.length)
      expect(merged.map(({ id }) => id).toSorted()).toEqual(
        [...new Set([...catalog, ...own].map(({ id }) => id))].toSorted(),
      )
      for (const [index, { score }] of merged.entries())
        expect(score).toBeLessThanOrEqual(merged[index - 1]?.score ?? Infinity)
      for (const { id, score } of merged)
        expect(score).toBe(Math.max(...[...catalog, ...own].filter((one) => one.id === id).map((one) => one.score)))
    }),
  )
})

test('[OS4] a hit of the catalog keeps what the catalog knows of it, and gets the better score', () => {
  const inCatalog = { ...hit('a', 1), image: 'cover', isLossless: true }
  const merged = mergeOwn(result([inCatalog], 'both'), result([hit('a', 9)], 'own'))
  expect(tracksOf(merged)).toEqual([{ ...inCatalog, score: 9 }])
  expect(merged.top).toEqual({ ...inCatalog, score: 9 })
  expect(merged.from).toBe('both')
})

test('[OS4] the top hit and the correction are of the source with the best top hit', () => {
  const corrected = result([hit('a', 1, 'corrected')], 'server', 'amber')
  expect(mergeOwn(corrected, result([hit('b', 5)], 'own'))).toMatchObject({ top: { id: 'b' }, correction: undefined })
  expect(mergeOwn(corrected, result([hit('b', 0)], 'own'))).toMatchObject({ top: { id: 'a' }, correction: 'amber' })
})

test('[OS4] own hits that lack words are left out when the catalog has all words', () => {
  const own = result([hit('b', 5, 'partial')], 'own')
  expect(tracksOf(mergeOwn(result([hit('a', 1)], 'server'), own)).map(({ id }) => id)).toEqual(['a'])
  expect(tracksOf(mergeOwn(result([], 'server'), own)).map(({ id }) => id)).toEqual(['b'])
})
