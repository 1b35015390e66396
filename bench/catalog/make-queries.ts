import type { SearchDocument } from '@tonestead/search-index/document'
import { isCoverAct } from './cover-acts.ts'
import {
  cutOff,
  dropWord,
  joinWords,
  oneTypo,
  splitWord,
  swapWords,
  twoTypos,
  twoTyposInOneWord,
} from './damage-text.ts'
import { findAmbiguous, type Candidate, type KnownTrack } from './find-ambiguous.ts'
import { foldForGrading, plainTitle, withoutDiacritics } from './fold-for-grading.ts'
import { halfOf, halves, queryKinds, type Query, type QueryKind } from './query.ts'
import { createRandom, type Random } from './seeded-random.ts'

type Target = KnownTrack
/** The words of a query, and what they must find. */
type Wanted = { readonly text: string; readonly hasArtist: boolean; readonly hasTitle: boolean }
type Texts = { readonly title: string; readonly artist: string; readonly random: Random }

/** As typed: in lower case, in half of the queries without the punctuation. */
const typed = (text: string, random: Random): string => {
  const lower = text.toLowerCase().replace(/\s+/g, ' ').trim()
  return random.chance(0.5)
    ? lower
    : lower
        .replace(/['’‘`´]/g, '')
        .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
        .trim()
}

/** Title and artist, artist and title, or the title alone; a title of one word is mostly given with its artist, as people do who know how many "Home"s there are. */
const anyForm = ({ title, artist, random }: Texts): Wanted | undefined => {
  const form = random.next()
  if (form < 0.6) return bothForm({ title, artist, random })
  return !title.includes(' ') && random.chance(0.7) ? undefined : { text: title, hasArtist: false, hasTitle: true }
}

const bothForm = ({ title, artist, random }: Texts): Wanted => ({
  text: random.chance(0.56) ? `${title} ${artist}` : `${artist} ${title}`,
  hasArtist: true,
  hasTitle: true,
})

const damaged = (wanted: Wanted | undefined, damage: (text: string) => string | undefined): Wanted | undefined => {
  const text = wanted && damage(wanted.text)
  return wanted === undefined || text === undefined ? undefined : { ...wanted, text }
}

/** A word of the title or of the artist, of which at least one stays each. */
const missingWord = ({ title, artist, random }: Texts): Wanted | undefined => {
  if (random.chance(0.3))
    return damaged({ text: title, hasArtist: false, hasTitle: true }, (text) => dropWord(text, random))
  const [longer, shorter] = random.chance(0.6) ? [title, artist] : [artist, title]
  const words = longer.split(' ')
  if (words.length < 2) return undefined
  const kept = words.toSpliced(random.below(words.length), 1).join(' ')
  return { text: random.chance(0.5) ? `${kept} ${shorter}` : `${shorter} ${kept}`, hasArtist: true, hasTitle: true }
}

/** Cut inside the title, nothing is known yet of the artist; cut behind it or inside what comes second, of both. */
const cutPrefix = ({ title, artist, random }: Texts): Wanted | undefined => {
  if (random.chance(0.3))
    return damaged({ text: `${artist} ${title}`, hasArtist: true, hasTitle: true }, (text) =>
      cutOff(text, random, artist.length + 4),
    )
  const text = cutOff(`${title} ${artist}`, random)
  return text === undefined ? undefined : { text, hasArtist: text.length > title.length + 1, hasTitle: true }
}

const stripped = (wanted: Wanted | undefined): Wanted | undefined =>
  damaged(wanted, (text) => (withoutDiacritics(text) === text ? undefined : withoutDiacritics(text)))

const makers: Readonly<Record<QueryKind, (texts: Texts) => Wanted | undefined>> = {
  exact: anyForm,
  'cut-off prefix': cutPrefix,
  'one typo': (texts) => damaged(anyForm(texts), (text) => oneTypo(text, texts.random)),
  'two typos': (texts) => damaged(anyForm(texts), (text) => twoTypos(text, texts.random)),
  'artist and title, either order': bothForm,
  'swapped words': (texts) => damaged(anyForm(texts), (text) => swapWords(text, texts.random)),
  'missing word': missingWord,
  'joined words': (texts) => damaged(anyForm(texts), (text) => joinWords(text, texts.random)),
  'split word': (texts) => damaged(anyForm(texts), (text) => splitWord(text, texts.random)),
  'missing diacritics': (texts) => stripped(anyForm(texts)),
  artist: ({ artist, random }) =>
    damaged({ text: artist, hasArtist: true, hasTitle: false }, (text) =>
      random.chance(0.6) ? oneTypo(text, random) : text,
    ),
  'typo in short word': (texts) =>
    damaged(anyForm(texts), (text) => oneTypo(text, texts.random, { least: 2, most: 3 })),
  'two typos in one word': (texts) => damaged(anyForm(texts), (text) => twoTyposInOneWord(text, texts.random)),
}

const makeCandidate = (kind: QueryKind, target: Target, random: Random): Candidate | undefined => {
  const texts = { title: typed(plainTitle(target.title), random), artist: typed(target.artist, random), random }
  if (foldForGrading(texts.title).length < 4 || texts.artist === '') return undefined
  const wanted = makers[kind](texts)
  if (wanted === undefined || wanted.text.length > 190 || wanted.text.length < 3) return undefined
  const title = wanted.hasTitle ? foldForGrading(plainTitle(target.title)) : undefined
  return {
    query: {
      kind,
      half: halfOf(target.artist),
      text: wanted.text,
      title,
      artist: wanted.hasArtist ? foldForGrading(target.artist) : undefined,
    },
    popularity: target.popularity,
  }
}

const hasDiacritics = (text: string): boolean => withoutDiacritics(text) !== text.toLowerCase()

/** Candidates for one kind: half as many again as asked for in each half, because some will prove ambiguous. */
const makeCandidates = (kind: QueryKind, pool: readonly Target[], { seed, perKind }: Options): Candidate[] => {
  const random = createRandom(`${seed} ${kind}`)
  const targets =
    kind === 'missing diacritics' ? pool.filter((track) => hasDiacritics(track.title + track.artist)) : pool
  const wanted = Math.ceil(perKind * 1.5)
  const made = new Map<string, Candidate>()
  const counts = { tuning: 0, reported: 0 }
  for (let tries = 0; tries < wanted * 200 && (counts.tuning < wanted || counts.reported < wanted); tries += 1) {
    const target = targets[Math.floor(random.next() ** 2 * targets.length)]
    const candidate = target && makeCandidate(kind, target, random)
    if (candidate === undefined || counts[candidate.query.half] >= wanted || made.has(candidate.query.text)) continue
    made.set(candidate.query.text, candidate)
    counts[candidate.query.half] += 1
  }
  return [...made.values()]
}

export type Options = { readonly seed: string; readonly perKind: number }
export type MadeQueries = {
  readonly queries: readonly Query[]
  /** Left out as ambiguous, of how many, by kind. */ readonly ambiguous: Readonly<
    Record<string, readonly [number, number]>
  >
}

/**
 * Known-item queries over a catalog, `perKind` of each kind and half (fewer where a small catalog has no more). Targets are drawn from the 200,000
 * best-known tracks, the better known the more often (the square of a uniform number over the ranks); karaoke and tribute acts are never meant.
 */
export const makeQueries = (documents: Iterable<SearchDocument>, { seed, perKind }: Options): MadeQueries => {
  const tracks: Target[] = []
  for (const document of documents)
    if (document.kind === 'track')
      tracks.push({ title: document.title, artist: document.credits[0]?.name ?? '', popularity: document.popularity })
  const pool = tracks
    .filter((track) => !isCoverAct(track.artist))
    .sort((a, b) => b.popularity - a.popularity)
    .slice(0, 200_000)
  const candidates = queryKinds.flatMap((kind) => makeCandidates(kind, pool, { seed, perKind }))
  const ambiguous = findAmbiguous(candidates, tracks)
  const clear = candidates.filter((candidate) => !ambiguous.has(candidate))
  const queries = queryKinds.flatMap((kind) =>
    halves.flatMap((half) =>
      clear
        .filter(({ query }) => query.kind === kind && query.half === half)
        .slice(0, perKind)
        .map(({ query }) => query),
    ),
  )
  const count = (list: Iterable<Candidate>, kind: QueryKind): number =>
    [...list].filter(({ query }) => query.kind === kind).length
  return {
    queries,
    ambiguous: Object.fromEntries(queryKinds.map((kind) => [kind, [count(ambiguous, kind), count(candidates, kind)]])),
  }
}

/** Everything typed on the way to `count` of the queries. */
export const keystrokes = (queries: readonly Query[], count: number): string[] =>
  queries
    .filter((query) => query.kind === 'exact')
    .slice(0, count)
    .flatMap(({ text }) => Array.from(text, (_, at) => text.slice(0, at + 1)).filter((part) => part.trim() === part))
