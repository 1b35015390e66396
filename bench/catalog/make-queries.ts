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
/** The text of a query, and whether the right hit must have the title and the artist. */
type QueryText = { readonly text: string; readonly hasArtist: boolean; readonly hasTitle: boolean }
type Texts = { readonly title: string; readonly artist: string; readonly random: Random }

/** As people type: in lower case, half of the queries without punctuation. */
const typed = (text: string, random: Random): string => {
  const lower = text.toLowerCase().replace(/\s+/g, ' ').trim()
  return random.chance(0.5)
    ? lower
    : lower
        .replace(/['’‘`´]/g, '')
        .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
        .trim()
}

/** Title and artist, artist and title, or the title alone. A title of one word mostly comes with its artist, because many songs are called "Home". */
const anyForm = ({ title, artist, random }: Texts): QueryText | undefined => {
  const form = random.next()
  if (form < 0.6) return bothForm({ title, artist, random })
  return !title.includes(' ') && random.chance(0.7) ? undefined : { text: title, hasArtist: false, hasTitle: true }
}

const bothForm = ({ title, artist, random }: Texts): QueryText => ({
  text: random.chance(0.56) ? `${title} ${artist}` : `${artist} ${title}`,
  hasArtist: true,
  hasTitle: true,
})

const damaged = (query: QueryText | undefined, damage: (text: string) => string | undefined): QueryText | undefined => {
  const text = query && damage(query.text)
  return query === undefined || text === undefined ? undefined : { ...query, text }
}

/** Leaves out a word of the title or of the artist; at least one word of each stays. */
const missingWord = ({ title, artist, random }: Texts): QueryText | undefined => {
  if (random.chance(0.3))
    return damaged({ text: title, hasArtist: false, hasTitle: true }, (text) => dropWord(text, random))
  const [longer, shorter] = random.chance(0.6) ? [title, artist] : [artist, title]
  const words = longer.split(' ')
  if (words.length < 2) return undefined
  const rest = words.toSpliced(random.below(words.length), 1).join(' ')
  return { text: random.chance(0.5) ? `${rest} ${shorter}` : `${shorter} ${rest}`, hasArtist: true, hasTitle: true }
}

/** A text that is cut inside the title has no artist yet; one that is cut later has both. */
const cutPrefix = ({ title, artist, random }: Texts): QueryText | undefined => {
  if (random.chance(0.3))
    return damaged({ text: `${artist} ${title}`, hasArtist: true, hasTitle: true }, (text) =>
      cutOff(text, random, artist.length + 4),
    )
  const text = cutOff(`${title} ${artist}`, random)
  return text === undefined ? undefined : { text, hasArtist: text.length > title.length + 1, hasTitle: true }
}

const withoutMarks = (query: QueryText | undefined): QueryText | undefined =>
  damaged(query, (text) => (withoutDiacritics(text) === text ? undefined : withoutDiacritics(text)))

const makers: Readonly<Record<QueryKind, (texts: Texts) => QueryText | undefined>> = {
  exact: anyForm,
  'cut-off prefix': cutPrefix,
  'one typo': (texts) => damaged(anyForm(texts), (text) => oneTypo(text, texts.random)),
  'two typos': (texts) => damaged(anyForm(texts), (text) => twoTypos(text, texts.random)),
  'artist and title, either order': bothForm,
  'swapped words': (texts) => damaged(anyForm(texts), (text) => swapWords(text, texts.random)),
  'missing word': missingWord,
  'joined words': (texts) => damaged(anyForm(texts), (text) => joinWords(text, texts.random)),
  'split word': (texts) => damaged(anyForm(texts), (text) => splitWord(text, texts.random)),
  'missing diacritics': (texts) => withoutMarks(anyForm(texts)),
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
  const made = makers[kind](texts)
  if (made === undefined || made.text.length > 190 || made.text.length < 3) return undefined
  const title = made.hasTitle ? foldForGrading(plainTitle(target.title)) : undefined
  return {
    query: {
      kind,
      half: halfOf(target.artist),
      text: made.text,
      title,
      artist: made.hasArtist ? foldForGrading(target.artist) : undefined,
    },
    popularity: target.popularity,
  }
}

const hasDiacritics = (text: string): boolean => withoutDiacritics(text) !== text.toLowerCase()

/** Candidates of one kind: for each half 1.5 times as many as needed, because some will be ambiguous. */
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
  /** By kind: how many candidates were left out as ambiguous, and how many there were. */ readonly ambiguous: Readonly<
    Record<string, readonly [number, number]>
  >
}

/**
 * Known-item queries for a catalog, `perKind` of each kind and half (fewer where a small catalog has no more). Targets are drawn from the 200,000 most
 * popular tracks, popular ones more often (the rank is the square of a uniform number). Karaoke and tribute acts are no targets.
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

/** The texts after each key while `count` of the queries are typed. */
export const keystrokes = (queries: readonly Query[], count: number): string[] =>
  queries
    .filter((query) => query.kind === 'exact')
    .slice(0, count)
    .flatMap(({ text }) => Array.from(text, (_, at) => text.slice(0, at + 1)).filter((part) => part.trim() === part))
