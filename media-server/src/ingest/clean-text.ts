/** Control characters, and invisible characters that change the direction of text. */
const invisible = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

const maxNameLength = 300

/** A name that is safe to show: one line, Unicode NFC, of limited length. Undefined when nothing is left. */
export const cleanText = (text: string | undefined, maxLength = maxNameLength): string | undefined => {
  if (text === undefined) return undefined
  const line = repairUtf8(text.slice(0, maxLength * 4))
    .replaceAll(invisible, ' ')
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const short = Array.from(line).slice(0, maxLength).join('').trim()
  return short === '' ? undefined : short
}

/** Undoes UTF-8 that was read as Latin-1. RIFF INFO and ID3v1 declare no encoding, so readers assume Latin-1. Only text that is valid UTF-8 is changed: real Latin-1 text hardly ever is. */
const repairUtf8 = (text: string): string => {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    )
  } catch {
    // Expected for real Latin-1 text.
    return text
  }
}

/** The form of a name that ids are derived from: small differences in spelling do not make a second artist. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[‘’ʼ`´]/g, "'")
    .replaceAll(/[‐‑‒–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
