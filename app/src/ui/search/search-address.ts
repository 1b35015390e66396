import type { DocumentKind, SearchQuestion } from '../../engine/search/search.ts'

// A search and its chips as an address: /search?q=river&kind=track&lossless=1&years=1970-1979&seconds=0-179. What cannot be understood is left out.

/** Longer texts are cut, as the index does. */
export const mostCharacters = 200
/** Open ends of the filters, as the server reads them. */
export const lastYear = 9999
export const longestMs = 999_999_999

export const questionKinds = ['track', 'artist', 'release', 'playlist'] as const

/** What is asked for a text as typed: bounded, without control characters and halves of surrogate pairs, on one line. */
export const cleanText = (typed: string): string =>
  typed
    .slice(0, mostCharacters)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFD]+/gu, ' ')
    .trim()

export const questionOf = (params: URLSearchParams): SearchQuestion => {
  const kind = questionKinds.find((one): one is DocumentKind => one === params.get('kind'))
  const years = rangeOf(params.get('years'), lastYear)
  const seconds = rangeOf(params.get('seconds'), Infinity)
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
      ...(params.get('lossless') === '1' ? { isLossless: true } : {}),
    },
  }
}

/** The inverse. Equal questions have equal addresses; blank text has no filters. */
export const addressOf = ({ text, kind, filters }: SearchQuestion): string => {
  const params = new URLSearchParams()
  if (text === '') return '/search'
  params.set('q', text)
  if (kind !== undefined) params.set('kind', kind)
  if (filters.isLossless === true) params.set('lossless', '1')
  if (filters.years !== undefined)
    params.set('years', `${filters.years.from}-${filters.years.to >= lastYear ? '' : filters.years.to}`)
  if (filters.durationMs !== undefined) {
    const { from, to } = filters.durationMs
    params.set('seconds', `${Math.floor(from / 1000)}-${to >= longestMs ? '' : Math.floor(to / 1000)}`)
  }
  return `/search?${params.toString()}`
}

export const isFiltered = ({ kind, filters }: SearchQuestion): boolean =>
  kind !== undefined || filters.isLossless === true || filters.years !== undefined || filters.durationMs !== undefined

const rangeOf = (text: string | null, most: number): { from: number; to: number } | undefined => {
  const parts = /^(\d{0,6})-(\d{0,6})$/.exec(text ?? '')
  if (parts === null || parts[0] === '-') return undefined
  const range = { from: Number(parts[1]), to: parts[2] === '' ? most : Number(parts[2]) }
  return range.from <= range.to ? range : undefined
}
