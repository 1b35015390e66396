import { questionKinds } from './search-address.ts'
import type { DocumentKind, Found, SearchHit, SearchQuestion } from '../../engine/search/search.ts'

export const kindNames: Readonly<Record<DocumentKind, { readonly one: string; readonly many: string }>> = {
  track: { one: 'Track', many: 'Tracks' },
  artist: { one: 'Artist', many: 'Artists' },
  release: { one: 'Release', many: 'Releases' },
  playlist: { one: 'Playlist', many: 'Playlists' },
}

export type FoundCount = { readonly count: number; /** There are more than were counted. */ readonly isMore: boolean }

export const countFound = ({ groups }: Pick<Found, 'groups'>, kind: DocumentKind | undefined): FoundCount => {
  const counted = questionKinds.filter((one) => kind === undefined || one === kind).map((one) => groups[one])
  return {
    count: counted.reduce((sum, group) => sum + group.hits.length, 0),
    isMore: counted.some((group) => group.hasMore),
  }
}

/** Nothing was found as it was typed, only as it may have been meant. */
export const isAllCorrected = ({ groups, correction }: Found): boolean => {
  const hits = questionKinds.flatMap((kind) => groups[kind].hits)
  return (
    correction !== undefined &&
    hits.length > 0 &&
    hits.every((hit) => hit.match === 'corrected' || hit.match === 'partial')
  )
}

/** What the live region says. With a network the device's answer is only the first to come. */
export const spokenResult = (question: SearchQuestion, found: Found, isOnline: boolean): string => {
  const { count, isMore } = countFound(found, question.kind)
  const where = found.from === 'device' && !isOnline ? ' on this device' : ''
  if (count === 0) return `No results for “${question.text}”${where}.`
  const corrected =
    isAllCorrected(found) && found.correction !== undefined
      ? `. Nothing is spelled so; these are for “${found.correction}”`
      : ''
  return `${isMore ? 'More than ' : ''}${count} ${count === 1 ? 'result' : 'results'} for “${question.text}”${where}${corrected}.`
}

/** Worth keeping among the recent searches: what was typed when it was finished, else the name of what was meant by it. */
export const rememberedText = (text: string, hit: Pick<SearchHit, 'match' | 'title' | 'marks'>): string =>
  hit.match === 'exact' || hit.marks.title.length === 0 ? text : hit.title

/** The same search with fewer words: without the last, without the first. */
export const fewerWords = (text: string): readonly string[] => {
  const words = text.split(/\s+/u).filter((word) => word !== '')
  return words.length < 2 ? [] : [...new Set([words.slice(0, -1).join(' '), words.slice(1).join(' ')])]
}
