import type { Names, Song } from './names.ts'
import { createRandom, type Random } from './seeded-random.ts'

const onsets = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'dr',
  'f',
  'g',
  'gl',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'w',
  '',
]
const vowels = ['a', 'e', 'i', 'o', 'u', 'a', 'e', 'o', 'ee', 'ou', 'ai', 'é', 'ö']
const codas = ['', '', '', 'n', 'r', 's', 'l', 't', 'nd', 'rk', 'm', 'ck']

const makeWord = (random: Random): string =>
  Array.from(
    { length: 1 + random.below(3) },
    () => random.pick(onsets) + random.pick(vowels) + random.pick(codas),
  ).join('')

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** Invented names, for machines without the real ones: 17,000 artists, 30,000 songs, words used by Zipf's law. */
export const makeNames = (seed: string): Names => {
  const random = createRandom(seed)
  const words = Array.from({ length: 12_000 }, () => capital(makeWord(random)))
  const word = (): string => words[Math.floor(words.length ** random.next()) - 1] ?? 'Song'
  const phrase = (most: number): string => Array.from({ length: 1 + random.below(most) }, word).join(' ')
  const artists = [
    ...new Set(Array.from({ length: 20_000 }, () => (random.chance(0.15) ? `The ${phrase(2)}` : phrase(3)))),
  ]
    .filter((name) => name.length > 1)
    .slice(0, 17_000)
  const titles = [...new Set(Array.from({ length: 36_000 }, () => phrase(5)))].filter((title) => title.length > 1)
  const songsOf = new Map<string, Song[]>()
  for (const title of titles) {
    const artist = artists[Math.floor(artists.length ** random.next()) - 1] ?? 'Nobody'
    const song: Song = {
      title,
      artists: [artist],
      album: '',
      weight: random.below(60),
      year: undefined,
      durationMs: undefined,
    }
    songsOf.set(artist, [...(songsOf.get(artist) ?? []), song])
  }
  return { source: 'synthesized', artists, songsOf, titles }
}
