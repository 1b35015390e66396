import type { SearchHit } from '@tonestead/search-index/answer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupsOf } from './merge-results.ts'
import {
  idleSearch,
  nextPages,
  stepSearch,
  viewOf,
  type SourceResult,
  type SearchEvent,
  type SearchModel,
} from './search-machine.ts'
import type { SearchQuery, SearchResult } from './search.ts'

const query = (text: string, kind?: 'track'): SearchQuery => ({ text, filters: {}, kind })
const hit = (id: string, score: number): SearchHit => ({
  kind: 'track',
  id,
  title: id,
  credits: [],
  release: undefined,
  year: undefined,
  durationMs: undefined,
  image: undefined,
  isLossless: false,
  match: 'exact',
  marks: { title: [], credit: [], release: [] },
  score,
})
const sourceResult = (
  hits: readonly SearchHit[],
  { next = {}, correction, from = 'server' }: Partial<SearchResult> & Partial<Pick<SourceResult, 'next'>> = {},
): SourceResult => ({
  result: {
    top: hits[0],
    correction,
    from,
    groups: groupsOf((kind) =>
      kind === 'track' ? { hits, hasMore: next.track !== undefined } : { hits: [], hasMore: false },
    ),
  },
  next,
})
const run = (...events: readonly SearchEvent[]): SearchModel => events.reduce(stepSearch, idleSearch)
const started = (text: string, ...sources: ('device' | 'server')[]): SearchEvent => ({
  kind: 'started',
  query: query(text),
  sources,
})
const found = (number: number, source: 'device' | 'server', ...hits: readonly SearchHit[]): SearchEvent => ({
  kind: 'found',
  queryNumber: number,
  source,
  ...sourceResult(hits, { from: source }),
})
const offline = (number: number, source: 'device' | 'server'): SearchEvent => ({
  kind: 'failed',
  queryNumber: number,
  source,
  failure: { kind: 'offline' },
})
const tracks = (model: SearchModel): readonly string[] | undefined =>
  model.result?.groups.track.hits.map(({ id }) => id)

describe('the view of a query', () => {
  test('shows the device at once, then both sources, best score first and no hit twice', () => {
    const first = run(started('a', 'device', 'server'), found(1, 'device', hit('x', 5), hit('y', 3)))
    expect(viewOf(first)).toMatchObject({ kind: 'found', isSettled: false, result: { from: 'device' } })
    const both = stepSearch(first, found(1, 'server', hit('z', 4), hit('y', 9)))
    expect(viewOf(both)).toMatchObject({ kind: 'found', isSettled: true, result: { from: 'both' } })
    expect(tracks(both)).toEqual(['y', 'x', 'z'])
  })
  test('keeps the last result while a query has none, also over several queries', () => {
    const model = run(
      started('a', 'server'),
      found(1, 'server', hit('x', 1)),
      started('ab', 'server'),
      started('abc', 'server'),
    )
    expect(viewOf(model)).toMatchObject({
      kind: 'searching',
      query: { text: 'abc' },
      last: { from: 'server', groups: { track: { hits: [{ id: 'x' }] } } },
    })
  })
  test('shows an empty result only when no source is still searching', () => {
    const model = run(started('a', 'device', 'server'), found(1, 'device'))
    expect(viewOf(model).kind).toBe('searching')
    expect(viewOf(stepSearch(model, offline(1, 'server')))).toMatchObject({
      kind: 'found',
      isSettled: true,
      result: { from: 'device' },
    })
  })
  test('shows the failure of the server only when the device has no result', () => {
    expect(viewOf(run(started('a', 'server'), offline(1, 'server')))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'offline' },
    })
    expect(viewOf(run(started('a', 'device', 'server'), offline(1, 'device'))).kind).toBe('searching')
    expect(
      viewOf(run(started('a', 'device', 'server'), offline(1, 'server'), found(1, 'device', hit('x', 1)))),
    ).toMatchObject({ kind: 'found', isSettled: true, result: { from: 'device' } })
  })
  test('keeps the result of a query that is started again until there is a new one', () => {
    const model = run(started('a', 'server'), found(1, 'server', hit('x', 1)), started('a', 'server'))
    expect(viewOf(model)).toMatchObject({ kind: 'found', isSettled: false })
    expect(tracks(stepSearch(model, found(2, 'server', hit('y', 1))))).toEqual(['y'])
  })
  test('is idle after the query was cleared, and ignores a result that comes later', () => {
    expect(viewOf(run(started('a', 'server'), { kind: 'cleared' }, found(1, 'server', hit('x', 1))))).toEqual({
      kind: 'idle',
    })
  })
  test('takes the top hit and the correction from the server, which has the whole catalog', () => {
    const device = sourceResult([hit('x', 5)], { from: 'device', correction: 'amber' })
    const model = run(
      started('a', 'device', 'server'),
      { kind: 'found', queryNumber: 1, source: 'device', ...device },
      found(1, 'server', hit('y', 4)),
    )
    expect(model.result).toMatchObject({ top: { id: 'y' }, correction: undefined })
  })
})

describe('paging', () => {
  const loaded = run(
    started('a', 'device', 'server'),
    {
      kind: 'found',
      queryNumber: 1,
      source: 'device',
      ...sourceResult([hit('x', 5)], { from: 'device', next: { track: '1' } }),
    },
    { kind: 'found', queryNumber: 1, source: 'server', ...sourceResult([hit('y', 9)], { next: { track: 'cursor' } }) },
  )
  test('continues where each source ended; hits on the screen keep their places', () => {
    expect(nextPages(loaded, 'track')).toEqual([
      { source: 'device', page: '1' },
      { source: 'server', page: 'cursor' },
    ])
    const pages = [
      { source: 'device' as const, hits: [hit('y', 9), hit('v', 2)], next: undefined },
      { source: 'server' as const, hits: [hit('w', 7), hit('x', 5)], next: 'next cursor' },
    ]
    const more = stepSearch(loaded, { kind: 'pages-loaded', queryNumber: 1, of: 'track', pages })
    expect(tracks(more)?.slice(0, 2)).toEqual(['y', 'x'])
    expect(tracks(more)?.toSorted()).toEqual(['v', 'w', 'x', 'y'])
    expect(nextPages(more, 'track')).toEqual([{ source: 'server', page: 'next cursor' }])
    expect(more.result?.groups.track.hasMore).toBe(true)
  })
  test('a page of an earlier query is not appended', () => {
    const next = stepSearch(loaded, started('b', 'device'))
    expect(
      stepSearch(next, {
        kind: 'pages-loaded',
        queryNumber: 1,
        of: 'track',
        pages: [{ source: 'device', hits: [hit('v', 1)], next: undefined }],
      }),
    ).toBe(next)
  })
})

test('every order of answers ends with the result of the last query', () => {
  const answerOf = (number: number, source: 'device' | 'server'): readonly SearchHit[] => [
    hit(`${number}`, number),
    hit(`${source} ${number}`, 0),
  ]
  const script = fc.array(fc.record({ starts: fc.boolean(), pick: fc.nat(), fails: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(script, (steps) => {
      let model = idleSearch
      const pending: { number: number; source: 'device' | 'server' }[] = []
      const answer = (at: number, fails: boolean): void => {
        const [{ number, source }] = pending.splice(at, 1) as [(typeof pending)[number]]
        model = stepSearch(
          model,
          fails && number !== model.queryNumber
            ? offline(number, source)
            : found(number, source, ...answerOf(number, source)),
        )
        const view = viewOf(model)
        if (view.kind === 'found')
          expect(view.result.groups.track.hits.every((each) => each.id.endsWith(`${model.queryNumber}`))).toBe(true)
      }
      const startNext = (): void => {
        model = stepSearch(model, started(`query ${model.queryNumber}`, 'device', 'server'))
        pending.push({ number: model.queryNumber, source: 'device' }, { number: model.queryNumber, source: 'server' })
      }
      startNext()
      for (const { starts, pick, fails } of steps) {
        if (starts || pending.length === 0) startNext()
        else answer(pick % pending.length, fails)
      }
      while (pending.length > 0) answer(0, false)
      expect(viewOf(model)).toMatchObject({ kind: 'found', isSettled: true, result: { from: 'both' } })
      expect(tracks(model)).toEqual([
        `${model.queryNumber}`,
        `device ${model.queryNumber}`,
        `server ${model.queryNumber}`,
      ])
    }),
  )
})
