/** Control characters, and the marks by which text changes its direction unseen. */
const unseen = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

const maxNameLength = 300

/** A name as people may see it: one line, composed, bounded. Undefined when nothing is left. */
export const cleanText = (text: string | undefined, maxLength = maxNameLength): string | undefined => {
  if (text === undefined) return undefined
  const line = repairUtf8(text.slice(0, maxLength * 4))
    .replaceAll(unseen, ' ')
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const short = Array.from(line).slice(0, maxLength).join('').trim()
  return short === '' ? undefined : short
}

/** RIFF INFO and ID3v1 name no encoding, and readers take their UTF-8 for Latin-1: undone where every byte fits, which no real Latin-1 text does by chance. */
const repairUtf8 = (text: string): string => {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    )
  } catch {
    return text
  }
}

/** What names are compared by where an id is made from them: small differences in writing make no second artist. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[‘’ʼ`´]/g, "'")
    .replaceAll(/[‐‑‒–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
