import type { SearchHit } from '@tonestead/search-index/answer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupsOf } from './merge-found.ts'
import {
  idleSearch,
  nextPages,
  stepSearch,
  viewOf,
  type Part,
  type SearchEvent,
  type SearchModel,
} from './search-machine.ts'
import type { SearchQuestion } from './search.ts'

const question = (text: string, kind?: 'track'): SearchQuestion => ({ text, filters: {}, kind })
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
const part = (hits: readonly SearchHit[], more: Partial<Part> = {}): Part => {
  const next = more.next ?? {}
  return {
    top: hits[0],
    correction: undefined,
    groups: groupsOf((kind) =>
      kind === 'track' ? { hits, hasMore: next.track !== undefined } : { hits: [], hasMore: false },
    ),
    next,
    ...more,
  }
}
const run = (...events: readonly SearchEvent[]): SearchModel => events.reduce(stepSearch, idleSearch)
const asked = (text: string, ...sources: ('device' | 'server')[]): SearchEvent => ({
  kind: 'asked',
  question: question(text),
  sources,
})
const found = (number: number, source: 'device' | 'server', ...hits: readonly SearchHit[]): SearchEvent => ({
  kind: 'found',
  asked: number,
  source,
  part: part(hits),
})
const offline = (number: number, source: 'device' | 'server'): SearchEvent => ({
  kind: 'failed',
  asked: number,
  source,
  failure: { kind: 'offline' },
})
const tracks = (model: SearchModel): readonly string[] | undefined => model.found?.groups.track.hits.map(({ id }) => id)

describe('what is shown for a question', () => {
  test('the device at once, then both, best score first and nothing twice', () => {
    const first = run(asked('a', 'device', 'server'), found(1, 'device', hit('x', 5), hit('y', 3)))
    expect(viewOf(first)).toMatchObject({ kind: 'found', isSettled: false, found: { from: 'device' } })
    const both = stepSearch(first, found(1, 'server', hit('z', 4), hit('y', 9)))
    expect(viewOf(both)).toMatchObject({ kind: 'found', isSettled: true, found: { from: 'both' } })
    expect(tracks(both)).toEqual(['y', 'x', 'z'])
  })
  test('the last answer stays beside a question that has none, also over several of them', () => {
    const model = run(
      asked('a', 'server'),
      found(1, 'server', hit('x', 1)),
      asked('ab', 'server'),
      asked('abc', 'server'),
    )
    expect(viewOf(model)).toMatchObject({
      kind: 'searching',
      question: { text: 'abc' },
      last: { from: 'server', groups: { track: { hits: [{ id: 'x' }] } } },
    })
  })
  test('nothing is said to be found only when nobody is still looking', () => {
    const model = run(asked('a', 'device', 'server'), found(1, 'device'))
    expect(viewOf(model).kind).toBe('searching')
    expect(viewOf(stepSearch(model, offline(1, 'server')))).toMatchObject({
      kind: 'found',
      isSettled: true,
      found: { from: 'device' },
    })
  })
  test('a server that fails is told where the device has no index, and is not missed where it has', () => {
    expect(viewOf(run(asked('a', 'server'), offline(1, 'server')))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'offline' },
    })
    expect(viewOf(run(asked('a', 'device', 'server'), offline(1, 'device'))).kind).toBe('searching')
    expect(
      viewOf(run(asked('a', 'device', 'server'), offline(1, 'server'), found(1, 'device', hit('x', 1)))),
    ).toMatchObject({ kind: 'found', isSettled: true, found: { from: 'device' } })
  })
  test('the same question asked again keeps its answer until there is a new one', () => {
    const model = run(asked('a', 'server'), found(1, 'server', hit('x', 1)), asked('a', 'server'))
    expect(viewOf(model)).toMatchObject({ kind: 'found', isSettled: false })
    expect(tracks(stepSearch(model, found(2, 'server', hit('y', 1))))).toEqual(['y'])
  })
  test('blank is idle, and what was under way shows nothing then', () => {
    expect(viewOf(run(asked('a', 'server'), { kind: 'cleared' }, found(1, 'server', hit('x', 1))))).toEqual({
      kind: 'idle',
    })
  })
  test('the server says what stands out and how it is spelled, as it knows the whole catalog', () => {
    const device = part([hit('x', 5)], { correction: 'amber' })
    const model = run(
      asked('a', 'device', 'server'),
      { kind: 'found', asked: 1, source: 'device', part: device },
      found(1, 'server', hit('y', 4)),
    )
    expect(model.found).toMatchObject({ top: { id: 'y' }, correction: undefined })
  })
})

describe('paging', () => {
  const begun = run(
    asked('a', 'device', 'server'),
    { kind: 'found', asked: 1, source: 'device', part: part([hit('x', 5)], { next: { track: '1' } }) },
    { kind: 'found', asked: 1, source: 'server', part: part([hit('y', 9)], { next: { track: 'cursor' } }) },
  )
  test('goes on where each source ended; what is shown stays where it is', () => {
    expect(nextPages(begun, 'track')).toEqual([
      { source: 'device', page: '1' },
      { source: 'server', page: 'cursor' },
    ])
    const pages = [
      { source: 'device' as const, hits: [hit('y', 9), hit('v', 2)], next: undefined },
      { source: 'server' as const, hits: [hit('w', 7), hit('x', 5)], next: 'further' },
    ]
    const more = stepSearch(begun, { kind: 'found-more', asked: 1, of: 'track', pages })
    expect(tracks(more)?.slice(0, 2)).toEqual(['y', 'x'])
    expect(tracks(more)?.toSorted()).toEqual(['v', 'w', 'x', 'y'])
    expect(nextPages(more, 'track')).toEqual([{ source: 'server', page: 'further' }])
    expect(more.found?.groups.track.hasMore).toBe(true)
  })
  test('a page of an earlier question is not appended', () => {
    const next = stepSearch(begun, asked('b', 'device'))
    expect(
      stepSearch(next, {
        kind: 'found-more',
        asked: 1,
        of: 'track',
        pages: [{ source: 'device', hits: [hit('v', 1)], next: undefined }],
      }),
    ).toBe(next)
  })
})

test('any interleaving of answers ends with the answer to the last question', () => {
  const answerOf = (number: number, source: 'device' | 'server'): readonly SearchHit[] => [
    hit(`${number}`, number),
    hit(`${source} ${number}`, 0),
  ]
  const script = fc.array(fc.record({ asks: fc.boolean(), pick: fc.nat(), fails: fc.boolean() }), {
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
          fails && number !== model.asked
            ? offline(number, source)
            : found(number, source, ...answerOf(number, source)),
        )
        const view = viewOf(model)
        if (view.kind === 'found')
          expect(view.found.groups.track.hits.every((each) => each.id.endsWith(`${model.asked}`))).toBe(true)
      }
      const ask = (): void => {
        model = stepSearch(model, asked(`question ${model.asked}`, 'device', 'server'))
        pending.push({ number: model.asked, source: 'device' }, { number: model.asked, source: 'server' })
      }
      ask()
      for (const { asks, pick, fails } of steps) {
        if (asks || pending.length === 0) ask()
        else answer(pick % pending.length, fails)
      }
      while (pending.length > 0) answer(0, false)
      expect(viewOf(model)).toMatchObject({ kind: 'found', isSettled: true, found: { from: 'both' } })
      expect(tracks(model)).toEqual([`${model.asked}`, `device ${model.asked}`, `server ${model.asked}`])
    }),
  )
})
