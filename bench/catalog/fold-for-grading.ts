// The benchmark has folding code of its own on purpose: an index that folds wrongly must not grade itself.

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

/** Lower case, and Latin letters without diacritics. The rest of the text stays. */
export const withoutDiacritics = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /[^\x00-\x7f]/g,
      (letter) =>
        letters[letter] ??
        (/[\u00c0-\u024f\u1e00-\u1eff]/.test(letter) ? letter.normalize('NFD').replace(/\p{M}/gu, '') : letter),
    )

/** Two titles or names are the same when this is equal: letters and digits in lower case, without apostrophes, anything else as one space. */
export const foldForGrading = (text: string): string => {
  if (/^[a-z0-9 ]*$/.test(text)) return text.replace(/ +/g, ' ').trim()
  return withoutDiacritics(text.normalize('NFKC'))
    .normalize('NFC')
    .replace(/['’‘`´ʼ΄]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

/**
 * A title without the part that names a version: everything from the first bracket or from " - " on. The live version by the same artist counts as the
 * song. A title that would be empty stays as it is.
 */
export const plainTitle = (title: string): string => {
  const plain = title
    .replace(/\s*[([].*$/, '')
    .replace(/\s+-\s.*$/, '')
    .trim()
  return plain === '' ? title : plain
}
