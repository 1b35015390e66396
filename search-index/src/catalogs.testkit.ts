// Random small catalogs with many near matches (few words, one letter apart, joined and split, in several scripts), and random queries with typing mistakes.
import fc from 'fast-check'
import { documentKinds, type DocumentChange, type SearchDocument } from './document.ts'
import type { SearchFilters, SearchRequest } from './request.ts'

const words = [
  ...[
    'a',
    'ab',
    'abc',
    'abcd',
    'abce',
    'bacd',
    'abcde',
    'bcde',
    'abcdefgh',
    'abcdefxx',
    'badcefgh',
    'xbcdefgh',
    'abcdefghij',
  ],
  ...[
    'sugar',
    'cane',
    'sugarcane',
    'sugarcanes',
    'Blink-182',
    'blink182',
    'u2',
    '182',
    '1821',
    'T.N.T.',
    'tnt',
    'AC/DC',
    "don't",
    'Beyoncé',
    'beyonces',
  ],
  ...[
    'the',
    'and',
    '&',
    'n',
    'feat.',
    'by',
    'official',
    '(Live',
    '(Karaoke',
    'Remix',
    'tribute',
    '- live',
    'in the style of',
  ],
  ...['椎名林檎', '林檎', '名', 'カナ', '바나나', '바나', 'สวัสดี', 'Мумий', '!!!', '★', '🔥'],
] as const

const word = fc.constantFrom(...words)
const phrase = (most: number) => fc.array(word, { minLength: 1, maxLength: most }).map((parts) => parts.join(' '))
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const credit = fc.record({
  id: fc.constantFrom('x', 'y', 'z'),
  name: phrase(2),
  join: fc.constantFrom('', ' & ', ' feat. ', ', '),
})

const anyDocument: fc.Arbitrary<SearchDocument> = fc.record({
  kind: fc.constantFrom(...documentKinds),
  id: fc.constantFrom('1', '2', '3', '10', 'é'),
  title: fc.oneof({ weight: 20, arbitrary: phrase(4) }, { weight: 1, arbitrary: fc.constantFrom('', ' ', '()') }),
  credits: fc.array(credit, { maxLength: 2 }),
  release: optional(fc.record({ id: fc.constantFrom('r', 's'), title: phrase(2) })),
  aliases: optional(fc.array(phrase(2), { maxLength: 2 })),
  year: optional(fc.constantFrom(1969, 1970, 1975, 2000)),
  durationMs: optional(fc.constantFrom(0, 1_000, 200_000)),
  image: optional(fc.constant('cover')),
  popularity: fc.constantFrom(0, 0, 1, 2, 100, 1e6),
  isPublic: fc.boolean(),
  isLossless: fc.boolean(),
  isInLibrary: fc.boolean(),
})

/** A catalog without two documents of one kind and id. */
export const catalog = fc.uniqueArray(anyDocument, { maxLength: 16, selector: ({ kind, id }) => `${kind} ${id}` })

const few = fc.constantFrom('abcdefgh', 'abcdefgx', 'abcd', 'abce', 'ab', 'sugar', 'cane', 'sugarcane', 'the', '(Live')
const fewWords = (most: number) => fc.array(few, { minLength: 1, maxLength: most }).map((parts) => parts.join(' '))

/** Many documents of one kind that match the same words, so that most are left out before they are compared; popularities from lowest to highest. */
export function crowdedCatalog(size: {
  readonly minLength: number
  readonly maxLength: number
}): fc.Arbitrary<readonly SearchDocument[]> {
  const rows = fc.record({
    title: fewWords(3),
    name: fewWords(2),
    release: fc.option(fewWords(2), { nil: undefined, freq: 2 }),
    alias: fc.option(fewWords(2), { nil: undefined, freq: 1 }),
    popularity: fc.oneof(
      fc.constantFrom(0, 1, 3),
      fc.integer({ min: 0, max: 40 }).map((doublings) => 2 ** doublings),
    ),
  })
  return fc.array(rows, { ...size, size: 'max' }).map((all) =>
    all.map(({ title, name, release, alias, popularity }, index) => ({
      kind: index % 20 === 0 ? 'artist' : 'track',
      id: String(index),
      title,
      credits: [{ id: name, name, join: '' }],
      release: release === undefined ? undefined : { id: release, title: release },
      aliases: alias === undefined ? undefined : [alias],
      popularity,
      isPublic: true,
      isLossless: false,
      isInLibrary: false,
    })),
  )
}

export const changes: fc.Arbitrary<DocumentChange[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: anyDocument.map((document) => ({ change: 'put' as const, document })) },
    {
      weight: 1,
      arbitrary: fc.record({
        change: fc.constant('remove' as const),
        kind: fc.constantFrom(...documentKinds),
        id: fc.constantFrom('1', '2', '3', '10', 'é'),
      }),
    },
  ),
  { maxLength: 24 },
)

type Damage = 'none' | 'cut' | 'drop' | 'add' | 'swap' | 'change' | 'split'
type Typed = {
  readonly pick: number
  readonly ofDocument: number
  readonly damage: Damage
  readonly place: number
  readonly letter: string
  readonly gap: string
}

/** The text with one typing mistake: cut off, a wrong letter, or split. */
function damaged(text: string, { damage, place, letter }: Typed): string {
  const at = place % Math.max(1, text.length)
  switch (damage) {
    case 'cut':
      return text.slice(0, at + 1)
    case 'drop':
      return text.slice(0, at) + text.slice(at + 1)
    case 'add':
      return text.slice(0, at) + letter + text.slice(at)
    case 'swap':
      return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2)
    case 'change':
      return text.slice(0, at) + letter + text.slice(at + 1)
    case 'split':
      return `${text.slice(0, at)} ${text.slice(at)}`
    case 'none':
      return text
  }
}

const typed: fc.Arbitrary<Typed> = fc.record({
  pick: fc.nat(1_000),
  ofDocument: fc.constantFrom(0, 0, 0, 1, 2),
  damage: fc.constantFrom<Damage>('none', 'none', 'none', 'none', 'cut', 'drop', 'add', 'swap', 'change', 'split'),
  place: fc.nat(30),
  letter: fc.constantFrom('a', 'x', '林'),
  gap: fc.constantFrom(' ', ' ', ' ', ' ', ''),
})

/** Mostly words of one document, in any order, some with mistakes. */
function queryText(documents: readonly SearchDocument[], parts: readonly Typed[]): string {
  const texts = parts.map((part, index) => {
    const document =
      documents[(parts[part.ofDocument === 2 ? index : 0]!.pick + part.ofDocument) % Math.max(1, documents.length)]
    const fields =
      document === undefined
        ? [...words]
        : [
            document.title,
            ...document.credits.map(({ name }) => name),
            document.release?.title ?? '',
            ...(document.aliases ?? []),
          ]
            .join(' ')
            .split(' ')
    return damaged(fields[part.pick % fields.length] ?? '', part) + part.gap
  })
  return texts.join('').trimEnd()
}

const rarely = <T>(usual: T, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary })
const filterText = fc.constantFrom(
  ' artist:ab',
  ' artist:"sugar ca"',
  ' album:abc',
  ' year:1970',
  ' year:1970-1999',
  ' is:lossless',
  ' in:library',
  'year:19',
)
const range = (...bounds: number[]) =>
  fc.tuple(fc.constantFrom(...bounds), fc.constantFrom(...bounds)).map(([from, to]) => ({ from, to }))
const flag = fc.constant(true as const)
const filters: fc.Arbitrary<SearchFilters | undefined> = fc.oneof(
  fc.record({ artist: phrase(1) }),
  fc.record({ release: phrase(1) }),
  fc.record({ years: range(1969, 1970, 2000) }),
  fc.record({ durationMs: range(0, 1_000, 300_000) }),
  fc.record({ isPublic: flag, isLossless: flag, isInLibrary: flag }, { requiredKeys: [] }),
)

/** Makes a request with words of these documents. */
export type RequestMaker = (documents: readonly SearchDocument[]) => SearchRequest

const requestParts = fc.record({
  parts: fc.array(typed, { maxLength: 4 }),
  end: fc.constantFrom('', '', '', ' '),
  quote: rarely('', fc.constant('"')),
  filter: rarely('', filterText),
  request: fc.record({
    kinds: rarely(undefined, fc.subarray([...documentKinds], { minLength: 1 })),
    limit: fc.constantFrom(undefined, 1, 2, 5, 200),
    offset: rarely(undefined, fc.constantFrom(1, 2, 3, 1_000)),
    filters: rarely(undefined, filters),
    isComplete: rarely(undefined, fc.boolean()),
  }),
})

export const requestMaker: fc.Arbitrary<RequestMaker> = requestParts.map(({ parts, end, quote, filter, request }) => {
  const makeRequest: RequestMaker = (documents) => ({
    ...request,
    text: `${quote}${queryText(documents, parts)}${quote}${end}${filter}`,
  })
  return Object.assign(makeRequest, { toString: () => JSON.stringify({ parts, end, quote, filter, request }) })
})
