/** Letters that Unicode does not decompose into a base letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
}

/** Lower case without diacritics. */
const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłħı]/g, (letter) => letters[letter] ?? letter)

/** The key by which lists are sorted: lower case without diacritics, "The" at the end, punctuation before the first word removed. */
export const nameSortKey = (name: string): string => {
  const folded = foldName(name).replaceAll(/\s+/g, ' ').trim()
  const bare = folded.replace(/^[^\p{L}\p{N}]+/u, '')
  const moved = bare.replace(/^the (?=\S)(.+)$/, '$1, the')
  return moved === '' ? folded : moved
}
