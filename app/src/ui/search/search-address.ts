import type { DocumentKind, SearchQuery } from '../../engine/search/search.ts'

// A search query as an address: /search?q=river&kind=track&lossless=1&library=1&years=1970-1979&seconds=0-179. Invalid parameters are ignored.

/** Longer texts are cut, as the index does. */
export const mostCharacters = 200
/** Open ends of the filters, as the server reads them. */
export const lastYear = 9999
export const longestMs = 999_999_999

/** The order in which the page shows the kinds. */
export const kindOrder = ['track', 'artist', 'release', 'playlist'] as const

/** The text of a query: at most `mostCharacters`, on one line, without control characters and lone surrogates. */
export const cleanText = (typed: string): string =>
  typed
    .slice(0, mostCharacters)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFD]+/gu, ' ')
    .trim()

export const parseSearchParams = (params: URLSearchParams): SearchQuery => {
  const kind = kindOrder.find((one): one is DocumentKind => one === params.get('kind'))
  const years = parseRange(params.get('years'), lastYear)
  const seconds = parseRange(params.get('seconds'), Infinity)
  const isInLibrary = params.get('library') === '1'
  return {
    text: cleanText(params.get('q') ?? ''),
    ...(kind === undefined ? {} : { kind }),
    filters: {
      ...(years === undefined ? {} : { years }),
      ...(seconds === undefined
        ? {}
        : {
            durationMs: {
              from: seconds.from * 1000,
              to: seconds.to === Infinity ? longestMs : Math.min(longestMs, seconds.to * 1000 + 999),
            },
          }),
      ...(isInLibrary ? { isInLibrary } : {}),
      // What is saved does not say its quality.
      ...(params.get('lossless') === '1' && !isInLibrary ? { isLossless: true } : {}),
    },
  }
}

/** The inverse of parseSearchParams. Equal queries have equal addresses; an address without text has no filters. */
export const searchHref = ({ text, kind, filters }: SearchQuery): string => {
  const params = new URLSearchParams()
  if (text === '') return '/search'
  params.set('q', text)
  if (kind !== undefined) params.set('kind', kind)
  if (filters.isInLibrary === true) params.set('library', '1')
  if (filters.isLossless === true) params.set('lossless', '1')
  if (filters.years !== undefined)
    params.set('years', `${filters.years.from}-${filters.years.to >= lastYear ? '' : filters.years.to}`)
  if (filters.durationMs !== undefined) {
    const { from, to } = filters.durationMs
    params.set('seconds', `${Math.floor(from / 1000)}-${to >= longestMs ? '' : Math.floor(to / 1000)}`)
  }
  return `/search?${params.toString()}`
}

export const isFiltered = ({ kind, filters }: SearchQuery): boolean =>
  kind !== undefined ||
  filters.isInLibrary === true ||
  filters.isLossless === true ||
  filters.years !== undefined ||
  filters.durationMs !== undefined

const parseRange = (text: string | null, most: number): { from: number; to: number } | undefined => {
  const parts = /^(\d{0,6})-(\d{0,6})$/.exec(text ?? '')
  if (parts === null || parts[0] === '-') return undefined
  const range = { from: Number(parts[1]), to: parts[2] === '' ? most : Number(parts[2]) }
  return range.from <= range.to ? range : undefined
}
