import { foldForGrading, plainTitle } from './fold-for-grading.ts'
import { hashText } from './seeded-random.ts'

export const queryKinds = [
  'exact',
  'cut-off prefix',
  'one typo',
  'two typos',
  'artist and title, either order',
  'swapped words',
  'missing word',
  'joined words',
  'split word',
  'missing diacritics',
  'artist',
  'typo in short word',
  'two typos in one word',
] as const
export type QueryKind = (typeof queryKinds)[number]

export const halves = ['tuning', 'reported'] as const
export type Half = (typeof halves)[number]

/** A query with its target: this title (folded, plain) by this artist (folded). Where one is undefined, any is right. */
export type Query = {
  readonly kind: QueryKind
  readonly half: Half
  readonly text: string
  readonly title: string | undefined
  readonly artist: string | undefined
}

/** All songs of an artist are in one half. Settings are tuned with `tuning`, figures are given for `reported`. */
export const halfOf = (artist: string): Half => ((hashText(foldForGrading(artist)) >>> 16) & 1 ? 'reported' : 'tuning')

/** Whether a hit is right: same folded title, and the artist is one of its credits. Versions of the song by the same artist are right too. */
export const isMeant = (query: Query, title: string, credits: readonly string[]): boolean =>
  (query.title === undefined || foldForGrading(plainTitle(title)) === query.title) &&
  (query.artist === undefined || credits.some((name) => foldForGrading(name) === query.artist))
