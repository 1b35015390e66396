import type { Random } from './seeded-random.ts'

// Typing errors. Every function takes a query in lower case and returns undefined where this error is not possible in it.

/** The keys beside each key on a QWERTY keyboard. */
const neighbours: Readonly<Record<string, string>> = {
  a: 'sqwz',
  b: 'vghn',
  c: 'xdfv',
  d: 'serfcx',
  e: 'wsdr',
  f: 'drtgvc',
  g: 'ftyhbv',
  h: 'gyujnb',
  i: 'ujko',
  j: 'huikmn',
  k: 'jiolm',
  l: 'kop',
  m: 'njk',
  n: 'bhjm',
  o: 'iklp',
  p: 'ol',
  q: 'wa',
  r: 'edft',
  s: 'awedxz',
  t: 'rfgy',
  u: 'yhji',
  v: 'cfgb',
  w: 'qase',
  x: 'zsdc',
  y: 'tghu',
  z: 'asx',
}
/** Letters by their frequency in English. */
const insertions = [...'etaoinsrhldcumfpgwybvkxjqz']

/** One edit at a random place, the first letter included: a letter left out, added, replaced by a neighbour key, or swapped with the next. The result always differs from the word. */
export const editWord = (word: string, random: Random): string => {
  for (;;) {
    const at = random.below(word.length)
    const kind = random.next()
    const letter = word.charAt(at)
    let edited = word
    if (kind < 0.25) edited = word.slice(0, at) + word.slice(at + 1)
    else if (kind < 0.45) edited = insertInto(word, random)
    else if (kind < 0.75)
      edited = word.slice(0, at) + random.pick([...(neighbours[letter] ?? 'e')]) + word.slice(at + 1)
    else edited = word.slice(0, at) + word.slice(at + 1, at + 2) + letter + word.slice(at + 2)
    if (edited !== word) return edited
  }
}

/** Half of the added letters repeat the letter before; the others are random, common letters more often. */
const insertInto = (word: string, random: Random): string => {
  const at = random.below(word.length + 1)
  const letter =
    at > 0 && random.chance(0.5) ? word.charAt(at - 1) : (insertions[Math.floor(26 ** random.next()) - 1] ?? 'e')
  return word.slice(0, at) + letter + word.slice(at)
}

type Place = { readonly word: string; readonly at: number }

const places = (words: readonly string[], least: number, most: number): Place[] =>
  words
    .map((word, at) => ({ word, at }))
    .filter(({ word }) => word.length >= least && word.length <= most && /^[a-z]+$/.test(word))

const replaced = (words: readonly string[], at: number, ...by: readonly string[]): string =>
  [...words.slice(0, at), ...by, ...words.slice(at + 1)].join(' ')

/** A longer word is picked more often, because it has more letters to mistype. */
const pickByLength = (candidates: readonly Place[], random: Random): Place | undefined => {
  let letter = random.below(candidates.reduce((sum, place) => sum + place.word.length, 0))
  return candidates.find((place) => (letter -= place.word.length) < 0)
}

/** One typo in a word of `least` to `most` letters. */
export const oneTypo = (text: string, random: Random, { least = 4, most = 99 } = {}): string | undefined => {
  const words = text.split(' ')
  const place = pickByLength(places(words, least, most), random)
  return place && replaced(words, place.at, editWord(place.word, random))
}

/** Two typos in words of four letters and more; both in one word only where it has eight or more. */
export const twoTypos = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  const first = pickByLength(places(words, 4, 99), random)
  if (first === undefined) return undefined
  const others = places(words, 4, 99).filter((place) => place.at !== first.at || place.word.length >= 8)
  const second = pickByLength(others, random)
  if (second === undefined) return undefined
  if (second.at === first.at) return replaced(words, first.at, editTwice(first.word, random))
  const once = words.with(first.at, editWord(first.word, random))
  return replaced(once, second.at, editWord(second.word, random))
}

/** Both in one word of four to seven letters. */
export const twoTyposInOneWord = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  const place = pickByLength(places(words, 4, 7), random)
  return place && replaced(words, place.at, editTwice(place.word, random))
}

const editTwice = (word: string, random: Random): string => {
  for (;;) {
    const edited = editWord(editWord(word, random), random)
    if (editDistance(edited, word) === 2) return edited
  }
}

export const swapWords = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  if (words.length < 2) return undefined
  const at = random.below(words.length - 1)
  const [left = '', right = ''] = words.slice(at, at + 2)
  return left === right ? undefined : [...words.slice(0, at), right, left, ...words.slice(at + 2)].join(' ')
}

/** Leaves out one word; the text has to have three or more. */
export const dropWord = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  return words.length < 3 ? undefined : words.toSpliced(random.below(words.length), 1).join(' ')
}

/** "sugar cane" as "sugarcane". */
export const joinWords = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  if (words.length < 2) return undefined
  const at = random.below(words.length - 1)
  return words.toSpliced(at, 2, words.slice(at, at + 2).join('')).join(' ')
}

/** "sunflower" as "sun flower": a word of six letters or more, two or more on each side. */
export const splitWord = (text: string, random: Random): string | undefined => {
  const words = text.split(' ')
  const place = pickByLength(places(words, 6, 99), random)
  if (place === undefined) return undefined
  const cut = 2 + random.below(place.word.length - 3)
  return replaced(words, place.at, place.word.slice(0, cut), place.word.slice(cut))
}

/** The first 60 to 95 % of a text, at least `least` characters and never the whole text. */
export const cutOff = (text: string, random: Random, least = 5): string | undefined => {
  const length = Math.max(least, Math.floor(text.length * (0.6 + random.next() * 0.35)))
  const cut = text.slice(0, length).trimEnd()
  return cut.length >= text.length || cut.length < least ? undefined : cut
}

/** Number of edits, where a swap of two neighbours is one edit (optimal string alignment distance). */
export const editDistance = (a: string, b: string): number => {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(substitution, (rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1)
      row.push(least)
    }
    rows.push(row)
  }
  return rows[a.length]?.[b.length] ?? 0
}
