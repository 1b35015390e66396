// Completions of a query: SPEC.md [SS1], [SS2], [SS3].
import type { SearchAnswer, SearchHit, Suggestion } from '../answer.ts'
import { foldText, foldWords } from '../text/fold.ts'
import { parseQuery, type ParsedQuery } from './parse-query.ts'
import { within } from './query.ts'
import { maxCharacters, type SuggestRequest } from '../request.ts'
import type { Searcher } from './search.ts'

const maxSuggestions = 20

export const suggest = (searcher: Searcher, { text, limit = 5, filters }: SuggestRequest): readonly Suggestion[] => {
  const wanted = within(limit, 1, maxSuggestions)
  const parsed = parseQuery(text)
  if (parsed.words.length === 0 || parsed.phrases.length > 0 || hasFilters(parsed)) return []
  const typed = foldText(text.slice(0, maxCharacters))
  const suggestions = new Map<string, Suggestion>()
  // Several documents can give one text: versions of a song, tracks of an artist.
  for (const hit of bestFirst(searcher.search({ text, limit: wanted * 4, filters }))) {
    const suggested = suggestedText(hit, parsed)
    const folded = foldText(suggested)
    if (folded === '' || folded === typed || suggestions.has(folded) || suggested.length > maxCharacters) continue
    suggestions.set(folded, {
      text: suggested,
      typed: folded.startsWith(typed) ? endOfTyped(suggested, { typed, isPrefix: parsed.isLastPrefix }) : 0,
    })
    if (suggestions.size === wanted) break
  }
  return [...suggestions.values()]
}

const hasFilters = ({ filters }: ParsedQuery): boolean => Object.values(filters).some((value) => value !== undefined)

/** [SS1] */
const bestFirst = ({ groups: { artist, release, track, playlist } }: SearchAnswer): readonly SearchHit[] =>
  [artist, release, track, playlist]
    .flatMap(({ hits }) => hits)
    .filter(({ match }) => match !== 'partial')
    .sort((one, other) => other.score - one.score)

/** [SS2] */
const suggestedText = ({ title, credits, marks, match }: SearchHit, { words, isLastPrefix }: ParsedQuery): string => {
  const name = credits[0]?.name ?? ''
  const inTitle = finder(title)
  const inName = finder(name)
  const isPrefix = (place: number) => isLastPrefix && place === words.length - 1
  // A corrected word is found in neither.
  const isOfTitle = words.every(
    ({ word }, place) => inTitle(word, isPrefix(place)) || (match !== 'corrected' && !inName(word, isPrefix(place))),
  )
  const isNameMarked = marks.credit.some(([start]) => start < name.length)
  if (isOfTitle || !isNameMarked) return title.trim()
  const first = words[0]
  const isNameFirst = first !== undefined && !inTitle(first.word, isPrefix(0)) && inName(first.word, isPrefix(0))
  return (isNameFirst ? `${name} ${title}` : `${title} ${name}`).trim()
}

const finder = (text: string): ((word: string, isPrefix: boolean) => boolean) => {
  const words = foldWords(text).map(({ word }) => word)
  return (word, isPrefix) => words.some((known) => known === word || (isPrefix && known.startsWith(word)))
}

/** [SS3] Offset after the first character that completes the typed text, and after the space if one was typed. */
const endOfTyped = (
  text: string,
  { typed, isPrefix }: { readonly typed: string; readonly isPrefix: boolean },
): number => {
  let at = 0
  for (const character of text) {
    const isComplete = foldText(text.slice(0, at)).startsWith(typed)
    if (isComplete && !/^\p{M}$/u.test(character) && (isPrefix || !/^\s$/.test(character))) return at
    at += character.length
  }
  return at
}
