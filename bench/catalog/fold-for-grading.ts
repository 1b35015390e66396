// The bench folds by itself, on purpose: an index that folds wrongly must not grade itself.

const letters: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
}

/** Lower case, no marks on Latin letters. The rest of the text stays. */
export const withoutDiacritics = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /[^\x00-\x7f]/g,
      (letter) =>
        letters[letter] ??
        (/[\u00c0-\u024f\u1e00-\u1eff]/.test(letter) ? letter.normalize('NFD').replace(/\p{M}/gu, '') : letter),
    )

/** What two titles or names must share to be the same: letters and digits, apostrophes taken out, everything else a space. */
export const foldForGrading = (text: string): string => {
  if (/^[a-z0-9 ]*$/.test(text)) return text.replace(/ +/g, ' ').trim()
  return withoutDiacritics(text.normalize('NFKC'))
    .normalize('NFC')
    .replace(/['’‘`´ʼ΄]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

/**
 * A title without what names a version: everything from the first bracket, or from " - " on. A person who is given the live take of the song
 * by its own artist has found the song. A title that is nothing but that stays whole.
 */
export const plainTitle = (title: string): string => {
  const plain = title
    .replace(/\s*[([].*$/, '')
    .replace(/\s+-\s.*$/, '')
    .trim()
  return plain === '' ? title : plain
}
