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

/** A query of which is known what it means: this title (folded, plain) by this artist (folded); what is undefined may be anything. */
export type Query = {
  readonly kind: QueryKind
  readonly half: Half
  readonly text: string
  readonly title: string | undefined
  readonly artist: string | undefined
}

/** An artist's songs are all in one half: settings are chosen on `tuning`, figures given of `reported`. */
export const halfOf = (artist: string): Half => ((hashText(foldForGrading(artist)) >>> 16) & 1 ? 'reported' : 'tuning')

/** A hit is the same folded title by the same folded artist, whichever of its credits; versions of the song by its own artist count. */
export const isMeant = (query: Query, title: string, credits: readonly string[]): boolean =>
  (query.title === undefined || foldForGrading(plainTitle(title)) === query.title) &&
  (query.artist === undefined || credits.some((name) => foldForGrading(name) === query.artist))
