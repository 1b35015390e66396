// The levels of one search over all segments: as typed, corrected, partial. SPEC.md [SL0] to [SL3].
import { documentKinds, type DocumentKind } from '../document.ts'
import type { Segment } from '../segment/segment.ts'
import { stopWords } from '../text/document-words.ts'
import type { Token } from './expand.ts'
import type { Filter } from './filters.ts'
import { otherReadings, type Query } from './query.ts'
import { correctionThreshold, minMissingLoss, minTypoLoss, readingLoss } from './rank.ts'
import { minLossesOf, retrieve, type Attempt, type MinLosses, type Work } from './retrieve.ts'
import type { SearchableSegment } from './searchable-segment.ts'
import type { TopHits } from './top-hits.ts'

/** Hits per kind that decide whether corrections are tried [SL1]. */
export const decidingHits = 10
/** More readings with known words than this are left out, and the answer says `isCut` [SQ4]. */
const maxReadings = 24

/** The tokens of one attempt, as the matcher is prepared with them; `describe` needs them again. `isPlain`: no token was joined or split. */
export type AttemptTokens = { readonly tokens: readonly Token[]; readonly hasTypos: boolean; readonly isPlain: boolean }

/** One search while it runs. */
export type SearchState = {
  readonly query: Query
  /** Of each segment, in the order of the segments. */
  readonly filters: readonly Filter[]
  readonly hits: Readonly<Record<DocumentKind, TopHits>>
  readonly work: Readonly<Record<DocumentKind, Work>>
  /** By the number of the attempt. */
  readonly attempts: AttemptTokens[]
}

type Rules = Pick<Attempt, 'mayMiss' | 'extraLoss' | 'minimumLoss' | 'hasMatchedBefore'>
const plainRules: Rules = { mayMiss: 0, extraLoss: 0, minimumLoss: 0, hasMatchedBefore: () => false }

/** Runs the levels [SL0], [SL1], [SL2], each only if the one before found too little [SL3]; hits go to `state.hits`. */
export const createLevelRunner = (segments: readonly SearchableSegment[]): ((state: SearchState) => void) => {
  const minLosses = createMinLossCache()
  const run = (state: SearchState, attempt: AttemptTokens, rules: Rules): void => {
    runAttempt(segments, state, { attempt, rules: { ...rules, minLosses: minLosses(attempt.tokens, rules.mayMiss) } })
  }
  return (state) => {
    const { tokens } = state.query
    run(state, { tokens, hasTypos: false, isPlain: true }, plainRules)
    if (tokens.length === 0 || hasGoodHit(state)) return
    const withTypos = { tokens, hasTypos: true, isPlain: true }
    run(state, withTypos, {
      ...plainRules,
      minimumLoss: minTypoLoss,
      hasMatchedBefore: ({ corrected }) => corrected === 0,
    })
    for (const reading of knownReadings(segments, state))
      run(
        state,
        { tokens: reading, hasTypos: false, isPlain: false },
        { ...plainRules, extraLoss: readingLoss, hasMatchedBefore: (matcher) => matcher.isPlainMatch() },
      )
    const maxMissing = Math.floor(tokens.filter(({ isOptional }) => !isOptional).length / 2)
    for (let mayMiss = 1; mayMiss <= maxMissing && !hasHits(state); mayMiss++)
      run(state, withTypos, { ...plainRules, mayMiss, minimumLoss: minMissingLoss * mayMiss })
  }
}

type Run = { readonly attempt: AttemptTokens; readonly rules: Omit<Attempt, 'number' | 'tokens'> }

const runAttempt = (segments: readonly SearchableSegment[], state: SearchState, { attempt, rules }: Run): void => {
  const { query, hits, work } = state
  const number = state.attempts.push(attempt) - 1
  const full: Attempt = { ...rules, number, tokens: attempt.tokens }
  for (const [index, { segment, matcher, bitSets }] of segments.entries()) {
    const filter = state.filters[index]
    if (filter === undefined || filter.isEmpty) continue
    matcher.prepare(attempt.tokens, attempt.hasTypos)
    if (number === 0) matcher.setPlain()
    for (const kind of query.kinds)
      retrieve(
        {
          segment: index,
          table: segment.kinds[kind],
          matcher,
          filter,
          hits: hits[kind],
          work: work[kind],
          bitSets: bitSets[kind],
          variants: query.variants,
        },
        full,
      )
  }
}

/** Least losses depend on few properties of the tokens, so they are computed once for each combination. */
const createMinLossCache = (): ((tokens: readonly Token[], missing: number) => MinLosses) => {
  const cache = new Map<string, MinLosses>()
  return (tokens, missing) => {
    const sizes = tokens.map(({ word, isOptional }) => (isOptional && stopWords.has(word) ? 's' : 't')).join('')
    const key = `${sizes} ${tokens.at(-1)?.isPrefix ?? false} ${missing}`
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const losses = minLossesOf(tokens, missing)
    cache.set(key, losses)
    return losses
  }
}

/** Readings of which some segment knows every token, at most `maxReadings`. */
const knownReadings = (
  segments: readonly SearchableSegment[],
  { query, work }: SearchState,
): readonly (readonly Token[])[] => {
  const isKnown = (token: Token) => segments.some(({ segment }) => hasWord(segment, token))
  const readings = otherReadings(query.tokens, isKnown)
  if (readings.length > maxReadings) work.track.isCut = true
  return readings.slice(0, maxReadings)
}

const hasWord = ({ vocabulary }: Segment, { word, isPrefix }: Token): boolean => {
  if (!isPrefix) return vocabulary.find(word) >= 0
  const { start, end } = vocabulary.beginningWith(word)
  return start < end
}

const hasHits = ({ hits }: SearchState): boolean => documentKinds.some((kind) => hits[kind].list.length > 0)

const hasGoodHit = ({ hits }: SearchState): boolean =>
  documentKinds.some((kind) => hits[kind].list.slice(0, decidingHits).some(({ loss }) => loss <= correctionThreshold))
