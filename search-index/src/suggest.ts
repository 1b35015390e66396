import type { Suggestion } from './answer.ts'
import type { SuggestRequest } from './request.ts'
import type { Searcher } from './search.ts'

export const suggest = (searcher: Searcher, { text, limit = 5, filters }: SuggestRequest): readonly Suggestion[] => {
  const { groups } = searcher.search({ text, limit, filters })
  const titles = [...groups.artist.hits, ...groups.track.hits].filter(({ match }) => match === 'prefix' || match === 'exact').map(({ title }) => title)
  return [...new Set(titles)].slice(0, limit).map((title) => ({ text: title, typed: title.toLowerCase().startsWith(text.toLowerCase()) ? text.length : 0 }))
}
