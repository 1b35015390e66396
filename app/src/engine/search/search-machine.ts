import type { SearchHit } from '@tonestead/search-index/answer'
import type { DocumentKind } from '@tonestead/search-index/document'
import type { Answer } from '../server/answer.ts'
import { appendHits, isEmpty, mergeGroups, type Groups } from './merge-found.ts'
import type { Found, SearchQuestion, SearchView } from './search.ts'

// What is on the screen, as a pure table: (model, event) → model, and a view of it. Every answer names the question it belongs to, by number.

export type Source = 'device' | 'server'
/** What one source found, and where its next page begins by kind: absent where it has no more. */
export type Part = Pick<Found, 'top' | 'groups' | 'correction'> & { readonly next: Pages }
type Pages = { readonly [Kind in DocumentKind]?: string | undefined }
type Failure = Exclude<Answer<never>, { kind: 'ready' }>

type Side =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'found'; readonly part: Part }
  | { readonly kind: 'failed'; readonly failure: Failure }

export type SearchModel = {
  /** The number of the question. */
  readonly asked: number
  readonly question: SearchQuestion | undefined
  readonly device: Side
  readonly server: Side
  /** All that was found for this question. */
  readonly found: Found | undefined
  /** The answer to an earlier one. */
  readonly last: Found | undefined
}

export type SearchEvent =
  | { readonly kind: 'cleared' }
  | { readonly kind: 'asked'; readonly question: SearchQuestion; readonly sources: readonly Source[] }
  /** A source that was not there before is asked as well. */
  | { readonly kind: 'asked-too'; readonly asked: number; readonly source: Source }
  | { readonly kind: 'found'; readonly asked: number; readonly source: Source; readonly part: Part }
  | { readonly kind: 'failed'; readonly asked: number; readonly source: Source; readonly failure: Failure }
  | {
      readonly kind: 'found-more'
      readonly asked: number
      readonly of: DocumentKind
      readonly pages: readonly MorePage[]
    }
export type MorePage = {
  readonly source: Source
  readonly hits: readonly SearchHit[]
  readonly next: string | undefined
}

const unasked: Side = { kind: 'unasked' }
const waiting: Side = { kind: 'waiting' }

export const idleSearch: SearchModel = {
  asked: 0,
  question: undefined,
  device: unasked,
  server: unasked,
  found: undefined,
  last: undefined,
}

export const stepSearch = (model: SearchModel, event: SearchEvent): SearchModel => {
  if (event.kind === 'cleared') return { ...idleSearch, asked: model.asked + 1 }
  if (event.kind === 'asked') return ask(model, event)
  // What comes for an earlier question is too late.
  if (event.asked !== model.asked) return model
  switch (event.kind) {
    case 'asked-too':
      return { ...model, [event.source]: waiting }
    case 'found':
      return withFound({ ...model, [event.source]: { kind: 'found', part: event.part } })
    case 'failed':
      return { ...model, [event.source]: { kind: 'failed', failure: event.failure } }
    case 'found-more':
      return event.pages.reduce((before, page) => withMore(before, event.of, page), model)
  }
}

/** The same question asked again keeps its answer on the screen until there is a new one. */
const ask = (model: SearchModel, { question, sources }: Extract<SearchEvent, { kind: 'asked' }>): SearchModel => {
  const isSame = model.question !== undefined && isSameQuestion(model.question, question)
  return {
    asked: model.asked + 1,
    question,
    device: sources.includes('device') ? waiting : unasked,
    server: sources.includes('server') ? waiting : unasked,
    found: isSame ? model.found : undefined,
    last: model.found ?? model.last,
  }
}

const isSameRange = (a: { readonly from: number; readonly to: number } | undefined, b: typeof a): boolean =>
  a?.from === b?.from && a?.to === b?.to
const isSameQuestion = (a: SearchQuestion, b: SearchQuestion): boolean =>
  a.text === b.text &&
  a.kind === b.kind &&
  a.filters.isLossless === b.filters.isLossless &&
  isSameRange(a.filters.years, b.filters.years) &&
  isSameRange(a.filters.durationMs, b.filters.durationMs)

const withFound = (model: SearchModel): SearchModel => {
  const [device, server] = [partOf(model.device), partOf(model.server)]
  if (device === undefined || server === undefined) {
    const part = device ?? server
    return part === undefined
      ? model
      : {
          ...model,
          found: {
            top: part.top,
            groups: part.groups,
            correction: part.correction,
            from: device === undefined ? 'server' : 'device',
          },
        }
  }
  // The server knows the whole catalog: what stands out there, and how it is spelled there, is its to say.
  return {
    ...model,
    found: {
      top: server.top,
      correction: server.correction,
      groups: mergeGroups(device.groups, server.groups),
      from: 'both',
    },
  }
}

const partOf = (side: Side): Part | undefined => (side.kind === 'found' ? side.part : undefined)

const withMore = (model: SearchModel, kind: DocumentKind, { source, hits, next }: MorePage): SearchModel => {
  const side = model[source]
  if (side.kind !== 'found' || model.found === undefined) return model
  const part: Part = {
    ...side.part,
    next: { ...side.part.next, [kind]: next },
    groups: withHits(side.part.groups, kind, hits),
  }
  const changed = { ...model, [source]: { kind: 'found' as const, part } }
  const group = { hits: appendHits(model.found.groups[kind].hits, hits), hasMore: nextPages(changed, kind).length > 0 }
  return { ...changed, found: { ...model.found, groups: { ...model.found.groups, [kind]: group } } }
}

const withHits = (groups: Groups, kind: DocumentKind, hits: readonly SearchHit[]): Groups => ({
  ...groups,
  [kind]: { ...groups[kind], hits: appendHits(groups[kind].hits, hits) },
})

/** Where each source goes on with this kind. */
export const nextPages = (
  model: SearchModel,
  kind: DocumentKind,
): readonly { readonly source: Source; readonly page: string }[] =>
  (['device', 'server'] as const).flatMap((source) => {
    const page = partOf(model[source])?.next[kind]
    return page === undefined ? [] : [{ source, page }]
  })

export const viewOf = ({ question, device, server, found, last }: SearchModel): SearchView => {
  if (question === undefined) return { kind: 'idle' }
  const isSettled = device.kind !== 'waiting' && server.kind !== 'waiting'
  // "Nothing" is no answer as long as somebody is still looking.
  if (found !== undefined && (isSettled || !isEmpty(found.groups))) return { kind: 'found', question, found, isSettled }
  if (!isSettled) return { kind: 'searching', question, last }
  return { kind: 'failed', question, failure: server.kind === 'failed' ? server.failure : { kind: 'offline' } }
}
