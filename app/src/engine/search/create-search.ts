import type { Suggestion } from '@tonestead/search-index/answer'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceAnswer, DeviceQuestion } from '../../ports/search-worker.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import type { Readable } from '../readable.ts'
import { askServer, askServerToSuggest, hitOf, pageSizeOf } from './ask-server.ts'
import { mostSuggestions, type DeviceIndex } from './device-index.ts'
import { groupsOf } from './merge-found.ts'
import { createRecentQueries } from './recent-queries.ts'
import {
  idleSearch,
  nextPages,
  stepSearch,
  viewOf,
  type MorePage,
  type Part,
  type SearchEvent,
  type SearchModel,
  type Source,
} from './search-machine.ts'
import type { Search, SearchQuestion, SearchView } from './search.ts'

export type SearchDeps = {
  readonly device: DeviceIndex
  readonly client: SignedClient
  readonly values: ValueStore
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly loadFold: () => Promise<(text: string) => string>
  /** Somebody looks at what is found, or stops doing so. */
  readonly onWatched: (isWatched: boolean) => void
  /** The server's index has seen this much of the catalog's history. */
  readonly onSequence: (sequence: number) => void
}

/** The server is asked when nothing was typed for so long. */
const quietMs = 120
/** How deep the device's index can be paged (mostOffset in search-index/src/request.ts). */
const deepest = 1_000

type Parts = SearchDeps & {
  model: SearchModel
  asking: AbortController
  lastAskedMs: number
  readonly view: ReturnType<typeof createCell<SearchView>>
  readonly suggestions: ReturnType<typeof createCell<readonly Suggestion[]>>
}

type Asked = { readonly number: number; readonly question: SearchQuestion; readonly signal: AbortSignal }

export const createSearch = (deps: SearchDeps): Search => {
  const view = createCell<SearchView>({ kind: 'idle' }, (listeners) => watched(listeners > 0))
  const parts: Parts = {
    ...deps,
    model: idleSearch,
    asking: new AbortController(),
    lastAskedMs: -Infinity,
    view,
    suggestions: createCell<readonly Suggestion[]>([]),
  }
  let isWatched = false
  const watched = (isNow: boolean): void => {
    if (isNow !== isWatched) deps.onWatched(isNow)
    isWatched = isNow
  }
  deps.isOnline.subscribe(() => deps.isOnline.get() && askServerToo(parts))
  return {
    view,
    suggestions: parts.suggestions,
    deviceIndex: deps.device.state,
    ask: (question) => ask(parts, question),
    askMore: (kind) => void askMore(parts, kind),
    touch: deps.device.touch,
    ...createRecentQueries(deps.values, deps.loadFold),
  }
}

const dispatch = (parts: Parts, event: SearchEvent): void => {
  const before = parts.model
  parts.model = stepSearch(before, event)
  if (parts.model !== before) parts.view.set(viewOf(parts.model))
}

const ask = (parts: Parts, question: SearchQuestion): void => {
  parts.asking.abort()
  parts.asking = new AbortController()
  if (question.text.trim() === '') {
    parts.suggestions.set([])
    return void dispatch(parts, { kind: 'cleared' })
  }
  const hasDevice = parts.device.mayAnswer()
  // Without an index here the server is tried also when it was away a moment ago.
  const sources: Source[] = [
    ...(hasDevice ? ['device' as const] : []),
    ...(parts.isOnline.get() || !hasDevice ? ['server' as const] : []),
  ]
  dispatch(parts, { kind: 'asked', question, sources })
  const asked: Asked = { number: parts.model.asked, question, signal: parts.asking.signal }
  const waitMs = Math.max(0, hasDevice ? quietMs : quietMs - (parts.clock.elapsedMs() - parts.lastAskedMs))
  parts.lastAskedMs = parts.clock.elapsedMs()
  parts.suggestions.set(goingOn(parts.suggestions.get(), question.text))
  if (hasDevice) void askDevice(parts, asked)
  if (sources.includes('server')) void askServerSoon(parts, asked, waitMs)
}

/** Of the ways to go on those that what was typed meanwhile went. */
const goingOn = (before: readonly Suggestion[], text: string): readonly Suggestion[] => {
  const typed = text.toLowerCase()
  return before
    .filter((suggestion) => suggestion.text.length > typed.length && suggestion.text.toLowerCase().startsWith(typed))
    .map((suggestion) => ({ text: suggestion.text, typed: text.length }))
}

const deviceQuestion = (
  { text, kind, filters }: SearchQuestion,
  page: { limit: number; offset: number },
): DeviceQuestion => ({
  text,
  ...(kind === undefined ? {} : { kinds: [kind] }),
  ...page,
  filters: { years: filters.years, durationMs: filters.durationMs, isLossless: filters.isLossless },
})

const partOf = (answer: DeviceAnswer, end: number): Part => {
  const { top, correction, groups } = answer
  const made = groupsOf((kind) => ({
    hits: groups[kind].hits.map(hitOf),
    hasMore: groups[kind].hasMore && end <= deepest,
  }))
  const next = Object.fromEntries(
    Object.entries(made).flatMap(([kind, { hasMore }]) => (hasMore ? [[kind, String(end)]] : [])),
  )
  return { top: top && hitOf(top), correction, groups: made, next }
}

const askDevice = async (parts: Parts, { number, question, signal }: Asked): Promise<void> => {
  const limit = pageSizeOf(question)
  const isCurrent = (): boolean => number === parts.model.asked
  try {
    const answer = await parts.device.search(deviceQuestion(question, { limit, offset: 0 }), signal)
    if (answer === undefined)
      dispatch(parts, { kind: 'failed', asked: number, source: 'device', failure: { kind: 'offline' } })
    else dispatch(parts, { kind: 'found', asked: number, source: 'device', part: partOf(answer, limit) })
    const suggestions = await parts.device.suggest(question.text, signal)
    if (isCurrent() && (suggestions.length > 0 || isWhole(parts))) parts.suggestions.set(suggestions)
  } catch {
    dispatch(parts, { kind: 'failed', asked: number, source: 'device', failure: { kind: 'offline' } })
  }
}

const isWhole = ({ device }: Parts): boolean => {
  const state = device.state.get()
  return state.kind === 'ready' && state.scope === 'catalog'
}

const askServerSoon = async (parts: Parts, asked: Asked, waitMs: number): Promise<void> => {
  try {
    if (waitMs > 0) await parts.clock.after(waitMs, asked.signal)
    // What the device can tell is not asked of the server.
    if (!isWhole(parts)) void suggestFromServer(parts, asked).catch(() => undefined)
    await askServerNow(parts, asked)
  } catch {
    dispatch(parts, { kind: 'failed', asked: asked.number, source: 'server', failure: { kind: 'offline' } })
  }
}

const askServerNow = async (parts: Parts, { number, question, signal }: Asked): Promise<void> => {
  const answer = await askServer(parts.client, { question, signal })
  if (answer.kind !== 'ready')
    return void dispatch(parts, { kind: 'failed', asked: number, source: 'server', failure: answer })
  dispatch(parts, { kind: 'found', asked: number, source: 'server', part: answer.value.part })
  parts.onSequence(answer.value.sequence)
}

const suggestFromServer = async (parts: Parts, { number, question, signal }: Asked): Promise<void> => {
  const items = await askServerToSuggest(parts.client, { text: question.text, signal })
  if (number !== parts.model.asked || isWhole(parts)) return
  const known = new Set(items.map(({ text }) => text))
  const own = parts.model.device.kind === 'found' ? parts.suggestions.get().filter(({ text }) => !known.has(text)) : []
  parts.suggestions.set([...items, ...own].slice(0, mostSuggestions))
}

/** The server is back: the question that stands is put to it. */
const askServerToo = (parts: Parts): void => {
  const { question, server, asked } = parts.model
  if (question === undefined || server.kind === 'waiting' || server.kind === 'found') return
  dispatch(parts, { kind: 'asked-too', asked, source: 'server' })
  void askServerSoon(parts, { number: asked, question, signal: parts.asking.signal }, 0)
}

const askMore = async (parts: Parts, of: Parameters<Search['askMore']>[0]): Promise<void> => {
  const { asked, question } = parts.model
  if (question === undefined) return
  const wanted = { question: { ...question, kind: of }, of, signal: parts.asking.signal }
  const pages = await Promise.all(
    nextPages(parts.model, of).map(({ source, page }) =>
      source === 'device'
        ? moreOfDevice(parts, wanted, Number(page))
        : moreOfServer(parts, { ...wanted, question }, page),
    ),
  )
  dispatch(parts, { kind: 'found-more', asked, of, pages: pages.filter((page) => page !== undefined) })
}

type Wanted = {
  readonly question: SearchQuestion
  readonly of: Parameters<Search['askMore']>[0]
  readonly signal: AbortSignal
}

const moreOfDevice = async (
  { device }: Parts,
  { question, of, signal }: Wanted,
  offset: number,
): Promise<MorePage | undefined> => {
  const limit = pageSizeOf(question)
  const answer = await device.search(deviceQuestion(question, { limit, offset }), signal).catch(() => undefined)
  if (answer === undefined) return undefined
  const { groups, next } = partOf(answer, offset + limit)
  return { source: 'device', hits: groups[of].hits, next: next[of] }
}

const moreOfServer = async (
  { client }: Parts,
  { question, of, signal }: Wanted,
  page: string,
): Promise<MorePage | undefined> => {
  const answer = await askServer(client, { question, page, signal }).catch(() => undefined)
  if (answer?.kind !== 'ready') return undefined
  const { groups, next } = answer.value.part
  return { source: 'server', hits: groups[of].hits, next: next[of] }
}
