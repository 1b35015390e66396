// Version markers [SD5]: words that say that a recording is not the usual one. One bit for each group; the costs are in rank.ts.

const wordsByBit: readonly (readonly string[])[] = [
  ['karaoke', 'singalong', 'playback'],
  ['tribute', 'tributes'],
  ['cover', 'covers', 'covered'],
  [],
  ['live', 'unplugged', 'concert'],
  ['remix', 'mix', 'edit', 'rmx', 'remixed', 'bootleg', 'mashup', 'sped', 'slowed', 'nightcore'],
  ['instrumental', 'instrumentals', 'backing'],
  ['acoustic', 'demo', 'rehearsal', 'interlude', 'commentary', 'piano', 'lullaby', 'orchestral'],
]
const styleBit = 3
const stylePhrases = ['made famous', 'in the style', 'originally performed', 'as performed', 'made popular', 'as made']
/** Each of `stylePhrases` has one of these words. */
const styleWords = new Set(['made', 'style', 'performed'])
/** Markers that count anywhere; the others count only after the core of a title, because "Live and Let Die" is no live version. */
export const strongVariants = 0b1111

const bitOfWord = new Map(wordsByBit.flatMap((words, bit) => words.map((word) => [word, 1 << bit] as const)))

/** The version markers among the words of a text or query, as bits. */
export const variantOf = (words: readonly string[]): number => {
  let bits = 0
  for (const word of words) bits |= bitOfWord.get(word) ?? 0
  if (!words.some((word) => styleWords.has(word))) return bits
  const text = words.join(' ')
  return stylePhrases.some((phrase) => text.includes(phrase)) ? bits | (1 << styleBit) : bits
}
