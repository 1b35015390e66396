import type { Mark, SearchAnswer, SearchHit, Suggestion } from '@tonestead/search-index/answer'
import { documentKinds, type DocumentKind, type SearchDocument } from '@tonestead/search-index/document'
import { createCell } from '../cell.ts'
import type { DeviceIndexState, SearchResult, Search, SearchQuery, SearchView } from './search.ts'

export type FakeSearchOptions = {
  readonly documents: readonly SearchDocument[]
  /** The account's own, read at each query. */
  readonly own?: (() => readonly SearchDocument[]) | undefined
  /** Read at each query. loading: there is never a result. offline: the result comes from the device if `deviceIndex` is ready, else the search fails. Default ready. */
  readonly mode?: (() => 'ready' | 'loading' | 'offline' | 'failing') | undefined
  /** Delay of the result; default 20. */
  readonly latencyMs?: number | undefined
  readonly deviceIndex?: DeviceIndexState | undefined
  readonly recents?: readonly string[] | undefined
  /** Hits of a group per page; default 10. */
  readonly pageSize?: number | undefined
}

export type FakeSearch = Search & {
  /** What `recordUse` was called with. */
  readonly used: readonly SearchHit[]
  readonly setDeviceIndex: (state: DeviceIndexState) => void
}

type SearchableCatalog = { readonly documents: readonly SearchDocument[]; readonly pageSize: number }

/** A search over an array, for stories and tests of the UI. Typed words match the beginnings of words; typos match nothing. The correction swaps one pair of letters. */
export const createFakeSearch = (options: FakeSearchOptions): FakeSearch => {
  const view = createCell<SearchView>({ kind: 'idle' })
  const suggestions = createCell<readonly Suggestion[]>([])
  const deviceIndex = createCell<DeviceIndexState>(options.deviceIndex ?? { kind: 'absent' })
  const recents = createCell<readonly string[]>(options.recents ?? [])
  const used: SearchHit[] = []
  const catalog: SearchableCatalog = {
    documents: options.documents.toSorted((a, b) => b.popularity - a.popularity),
    pageSize: options.pageSize ?? 10,
  }
  const shown: Record<DocumentKind, number> = { track: 0, release: 0, artist: 0, playlist: 0 }
  let latest = 0

  const mode = () => options.mode?.() ?? 'ready'
  const show = (query: SearchQuery): void => {
    const now = mode()
    const hasIndex = deviceIndex.get().kind === 'ready'
    if (now === 'loading') return
    if (now === 'failing' && !hasIndex)
      return view.set({
        kind: 'failed',
        query,
        failure: { kind: 'problem', code: 'internal', title: 'The server failed' },
      })
    if (now === 'offline' && !hasIndex) return view.set({ kind: 'failed', query, failure: { kind: 'offline' } })
    const from: SearchResult['from'] = now !== 'ready' ? 'device' : hasIndex ? 'both' : 'server'
    const searched = { ...catalog, documents: withOwn(catalog.documents, options.own?.() ?? [], query) }
    view.set({ kind: 'found', query, result: { ...resultOf(searched, query, shown), from }, isSettled: true })
    suggestions.set(suggestionsOf(searched, query.text))
  }

  return {
    view,
    suggestions,
    deviceIndex,
    recents,
    used,
    setDeviceIndex: deviceIndex.set,
    setQuery: (query) => {
      latest += 1
      const own = latest
      for (const kind of documentKinds) shown[kind] = catalog.pageSize
      if (query.text.trim() === '') {
        suggestions.set([])
        return view.set({ kind: 'idle' })
      }
      view.set({ kind: 'searching', query, last: lastResult(view.get()) })
      setTimeout(() => own === latest && show(query), options.latencyMs ?? 20)
    },
    loadMore: (kind) => {
      const current = view.get()
      if (current.kind !== 'found') return
      shown[kind] += catalog.pageSize
      show(current.query)
    },
    recordUse: (hit) => void used.push(hit),
    remember: (text) =>
      recents.set([text.trim(), ...recents.get().filter((kept) => fold(kept) !== fold(text))].slice(0, 10)),
    forget: (text) => recents.set(recents.get().filter((kept) => fold(kept) !== fold(text))),
    forgetAll: () => recents.set([]),
  }
}

const withOwn = (
  catalog: readonly SearchDocument[],
  own: readonly SearchDocument[],
  { filters }: SearchQuery,
): readonly SearchDocument[] => {
  if (filters.isInLibrary === true) return own
  const known = new Set(catalog.map(({ id }) => id))
  return [...catalog, ...own.filter(({ id }) => !known.has(id))]
}

const lastResult = (view: SearchView): SearchResult | undefined =>
  view.kind === 'found' ? view.result : view.kind === 'searching' ? view.last : undefined

/** Lower case without diacritics. A text without diacritics keeps its length, so that offsets in the folded text are offsets in the text. */
const fold = (text: string): string =>
  [...text.trim()]
    .map((character) => character.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase() || ' ')
    .join('')
const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
const creditText = (document: SearchDocument): string => document.credits.map(({ name, join }) => name + join).join('')

const marksOf = (text: string, words: readonly string[]): Mark[] =>
  [...fold(text).matchAll(/[\p{L}\p{N}]+/gu)].flatMap(({ 0: word, index }): Mark[] => {
    const meant = words.filter((typed) => word.startsWith(typed)).toSorted((a, b) => b.length - a.length)[0]
    return meant === undefined ? [] : [[index, index + meant.length]]
  })

const wordCache = new WeakMap<SearchDocument, string[]>()

const isFound = (document: SearchDocument, words: readonly string[]): boolean => {
  const own =
    wordCache.get(document) ?? wordsOf(`${document.title} ${creditText(document)} ${document.release?.title ?? ''}`)
  wordCache.set(document, own)
  return words.every((typed) => own.some((word) => word.startsWith(typed)))
}

const isWithin = (
  value: number | undefined,
  range: { readonly from: number; readonly to: number } | undefined,
): boolean => range === undefined || (value !== undefined && value >= range.from && value <= range.to)

const hitOf = (document: SearchDocument, words: readonly string[]): SearchHit => {
  const { kind, id, title, credits, release, year, durationMs, image, isLossless } = document
  const marks = {
    title: marksOf(title, words),
    credit: marksOf(creditText(document), words),
    release: release === undefined ? [] : marksOf(release.title, words),
  }
  return {
    kind,
    id,
    title,
    credits,
    release,
    year,
    durationMs,
    image,
    isLossless,
    match: 'prefix',
    marks,
    score: marks.title.length * 10 + Math.log1p(document.popularity),
  }
}

const resultOf = (
  { documents }: SearchableCatalog,
  { text, kind, filters }: SearchQuery,
  shown: Readonly<Record<DocumentKind, number>>,
): Pick<SearchAnswer, 'top' | 'groups' | 'correction'> => {
  const found = (words: readonly string[]): SearchHit[] =>
    documents
      .filter((document) => (kind === undefined || document.kind === kind) && isFound(document, words))
      .filter(
        (document) =>
          isWithin(document.year, filters.years) &&
          isWithin(document.durationMs, filters.durationMs) &&
          (filters.isLossless === undefined || document.isLossless),
      )
      .map((document) => hitOf(document, words))
      .toSorted((a, b) => b.score - a.score)
  const typed = found(wordsOf(text))
  const correction = typed.length > 0 ? undefined : swaps(fold(text)).find((other) => found(wordsOf(other)).length > 0)
  const hits =
    correction === undefined
      ? typed
      : found(wordsOf(correction)).map((hit) => ({ ...hit, match: 'corrected' as const }))
  const group = (groupKind: DocumentKind) => {
    const all = hits.filter((hit) => hit.kind === groupKind)
    return { hits: all.slice(0, shown[groupKind]), hasMore: all.length > shown[groupKind] }
  }
  return {
    top: hits[0],
    groups: { track: group('track'), release: group('release'), artist: group('artist'), playlist: group('playlist') },
    correction,
  }
}

/** The texts with one pair of letters swapped. Each is searched in all documents, so long texts have none. */
const swaps = (text: string): string[] =>
  Array.from(
    { length: text.length > 40 ? 0 : Math.max(0, text.length - 1) },
    (_, at) => text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2),
  )

const suggestionsOf = ({ documents }: SearchableCatalog, text: string): readonly Suggestion[] => {
  const typed = fold(text)
  const texts = new Set(
    documents
      .filter(({ title }) => fold(title).startsWith(typed) && fold(title) !== typed)
      .map(({ title }) => title.toLowerCase()),
  )
  return [...texts].slice(0, 5).map((suggested) => ({ text: suggested, typed: typed.length }))
}
