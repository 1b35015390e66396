import type { Names } from './names.ts'
import type { Random } from './seeded-random.ts'

/** Invents titles and names that resemble the real ones. */
export type Inventor = { title(): string; artist(): string; rareWord(): string }

const pushTo = <Key>(map: Map<Key, string[]>, key: Key, value: string): void => {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** The letters that follow each pair of letters; "^^" stands for the beginning of a word and "$" for its end. */
const learnLetters = (texts: Iterable<string>): Map<string, string[]> => {
  const following = new Map<string, string[]>()
  for (const text of texts) {
    for (const word of text.toLowerCase().split(/[^a-zà-ÿ]+/)) {
      if (word.length <= 3) continue
      const whole = `^^${word}$`
      for (let at = 2; at < whole.length; at += 1) pushTo(following, whole.slice(at - 2, at), whole.charAt(at))
    }
  }
  return following
}

const learnPairs = (titles: readonly (readonly string[])[]): Map<string, string[]> => {
  const following = new Map<string, string[]>()
  for (const words of titles) words.forEach((word, at) => pushTo(following, word, words[at + 1] ?? '$'))
  return following
}

/** Titles are Markov chains of the words of real titles, rare words are chains of letters, and some titles are real ones. */
export const createInventor = (names: Names, random: Random): Inventor => {
  const titleWords = names.titles.map((title) => title.split(/\s+/))
  const first = titleWords.map((words) => words[0] ?? 'Song')
  const after = learnPairs(titleWords)
  const letters = learnLetters(
    (function* () {
      yield* names.artists
      yield* names.titles
    })(),
  )
  const nameWords = names.artists
    .slice(0, 20_000)
    .flatMap((name) => name.split(/\s+/))
    .filter((word) => word.length > 2)

  const rareWord = (): string => {
    for (;;) {
      let word = '^^'
      while (word.length < 16) {
        const letter = random.pick(letters.get(word.slice(-2)) ?? ['$'])
        if (letter === '$') break
        word += letter
      }
      if (word.length >= 6) return word.charAt(2).toUpperCase() + word.slice(3)
    }
  }
  const nextWord = (words: readonly string[]): string => {
    const word = random.chance(0.12) ? random.pick(first) : random.pick(after.get(words.at(-1) ?? '') ?? ['$'])
    return word === '$' && words.length < 2 && random.chance(0.5) ? random.pick(first) : word
  }
  const title = (): string => {
    const kind = random.next()
    if (kind < 0.12) return random.pick(names.titles)
    if (kind < 0.22) return rareWord()
    const words = [random.pick(first)]
    while (words.length < 8) {
      const word = nextWord(words)
      if (word === '$') break
      words.push(random.chance(0.06) ? rareWord() : word)
    }
    return words.join(' ')
  }
  const artist = (): string => {
    const kind = random.next()
    if (kind < 0.15) return `The ${random.pick(nameWords)} ${random.pick(nameWords)}`
    if (kind < 0.45) return `${random.pick(nameWords)} ${rareWord()}`
    if (kind < 0.65) return `${rareWord()} ${rareWord()}`
    if (kind < 0.8) return rareWord()
    return kind < 0.9 ? `${random.pick(nameWords)} & ${random.pick(nameWords)}` : `DJ ${rareWord()}`
  }
  return { title, artist, rareWord }
}
