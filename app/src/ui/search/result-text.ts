import { kindOrder } from './search-address.ts'
import type { DocumentKind, SearchResult, SearchHit, SearchQuery } from '../../engine/search/search.ts'

export const kindNames: Readonly<Record<DocumentKind, { readonly one: string; readonly many: string }>> = {
  track: { one: 'Track', many: 'Tracks' },
  artist: { one: 'Artist', many: 'Artists' },
  release: { one: 'Release', many: 'Releases' },
  playlist: { one: 'Playlist', many: 'Playlists' },
}

export type ResultCount = { readonly count: number; /** There are more than were counted. */ readonly isMore: boolean }

export const countHits = ({ groups }: Pick<SearchResult, 'groups'>, kind: DocumentKind | undefined): ResultCount => {
  const counted = kindOrder.filter((one) => kind === undefined || one === kind).map((one) => groups[one])
  return {
    count: counted.reduce((sum, group) => sum + group.hits.length, 0),
    isMore: counted.some((group) => group.hasMore),
  }
}

/** No hit contains the words as they were typed, only corrected ones. */
export const isAllCorrected = ({ groups, correction }: SearchResult): boolean => {
  const hits = kindOrder.flatMap((kind) => groups[kind].hits)
  return (
    correction !== undefined &&
    hits.length > 0 &&
    hits.every((hit) => hit.match === 'corrected' || hit.match === 'partial')
  )
}

/** The text for the live region. It names the device only when offline: online, the server's result follows. */
export const spokenResult = (query: SearchQuery, result: SearchResult, isOnline: boolean): string => {
  const { count, isMore } = countHits(result, query.kind)
  const where = (result.from === 'device' || result.from === 'own') && !isOnline ? ' on this device' : ''
  if (count === 0) return `No results for “${query.text}”${where}.`
  const corrected =
    isAllCorrected(result) && result.correction !== undefined
      ? `. Nothing matches this spelling; these are for “${result.correction}”`
      : ''
  return `${isMore ? 'More than ' : ''}${count} ${count === 1 ? 'result' : 'results'} for “${query.text}”${where}${corrected}.`
}

/** The text for the recent searches: the typed text if it was complete, else the name of the hit. */
export const rememberedText = (text: string, hit: Pick<SearchHit, 'match' | 'title' | 'marks'>): string =>
  hit.match === 'exact' || hit.marks.title.length === 0 ? text : hit.title

/** The text without its last word, and without its first. */
export const fewerWords = (text: string): readonly string[] => {
  const words = text.split(/\s+/u).filter((word) => word !== '')
  return words.length < 2 ? [] : [...new Set([words.slice(0, -1).join(' '), words.slice(1).join(' ')])]
}
