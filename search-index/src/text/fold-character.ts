// What one character becomes when text is folded (fold.ts), and why:
// - Compatibility decomposition (Unicode UAX 15, NFKD) does full width, ligatures, circled and mathematical letters, and takes diacritics off.
// - Marks are dropped where people leave them out when typing: Latin, Greek, Cyrillic, Hebrew, Arabic. Elsewhere they make another letter
//   (Indic and Thai vowels, the voicing of kana) and stay.
// - Letters that Unicode does not decompose but people type as others (ø ł ß æ) have a table.
// - Katakana becomes hiragana; Arabic letters of one sound and shape become one; digits of all scripts become 0 to 9.
// - A Hangul syllable becomes its letters, those of its end as those of a beginning: what an input method shows half-way through a name (반) is
//   then the beginning of the name (바나나), and a slip in one letter is one typo.

/** Numbers, since every character of a build is asked for its kind. */
export const characterKinds = {
  separator: 0,
  letter: 1,
  unspaced: 2,
  mark: 3,
  ignored: 4,
  apostrophe: 5,
  dot: 6,
  and: 7,
  dollar: 8,
  bang: 9,
} as const
export type CharacterKind = (typeof characterKinds)[keyof typeof characterKinds]

/** `text` is empty but for letters, unspaced characters and marks that are kept. */
export type Piece = { readonly kind: CharacterKind; readonly text: string }

const kinds = characterKinds
const sign = (kind: CharacterKind): Piece => ({ kind, text: '' })

/** Undefined beyond ASCII, and for NaN. The character is taken to be lowercase. */
export function kindOfAscii(code: number): CharacterKind | undefined {
  return asciiKinds[code]
}

const asciiKinds: readonly CharacterKind[] = Array.from({ length: 128 }, (_, code) =>
  asciiKind(String.fromCharCode(code)),
)

function asciiKind(character: string): CharacterKind {
  if (/[a-z0-9]/i.test(character)) return kinds.letter
  if (character === "'" || character === '`') return kinds.apostrophe
  if (character === '.') return kinds.dot
  if (character === '&' || character === '+') return kinds.and
  if (character === '$') return kinds.dollar
  return character === '!' ? kinds.bang : kinds.separator
}

/** All that a character (by its code point) becomes; never empty. */
export function foldCharacter(code: number): readonly Piece[] {
  const known = cache.get(code)
  if (known !== undefined) return known
  const pieces = piecesOf(String.fromCodePoint(code))
  if (cache.size < maxCached) cache.set(code, pieces)
  return pieces
}

const cache = new Map<number, readonly Piece[]>()
/** More than any catalog's letters; a bound for hostile text. */
const maxCached = 20_000

const apostrophes = new Set('’‘‛ʼʻʹʽʾʿ′´＇')
const nameless = new Set('™℠®©℗')

function piecesOf(character: string): readonly Piece[] {
  if (apostrophes.has(character)) return [sign(kinds.apostrophe)]
  if (nameless.has(character)) return [sign(kinds.separator)]
  const decomposed = character.normalize('NFKD').toLowerCase().normalize('NFKD')
  return Array.from(decomposed, pieceOf)
}

const anyLetter = /^[\p{L}\p{N}]$/u
const anyDigit = /^\p{Nd}$/u
const anyMark = /^\p{M}$/u
const droppedMark =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Inherited}\p{Script=Common}]$/u
const voicing = /^[\u3099\u309a]$/
const ignorable = /^[\p{Default_Ignorable_Code_Point}\p{Cs}\p{Cf}]$/u
const unspacedScript =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]$/u

function pieceOf(character: string): Piece {
  const code = character.codePointAt(0) ?? 0
  const known = asciiKinds[code]
  if (known !== undefined) return { kind: known, text: known === kinds.letter ? character : '' }
  const other = otherLetters.get(character)
  if (other !== undefined) return { kind: kinds.letter, text: other }
  if (voicing.test(character)) return { kind: kinds.mark, text: character }
  if (anyMark.test(character)) return { kind: kinds.mark, text: droppedMark.test(character) ? '' : character }
  if (ignorable.test(character)) return sign(kinds.ignored)
  if (anyDigit.test(character)) return { kind: kinds.letter, text: String(digitOf(code)) }
  if (!anyLetter.test(character)) return sign(kinds.separator)
  return unspacedScript.test(character)
    ? { kind: kinds.unspaced, text: hiraganaOf(code) }
    : { kind: kinds.letter, text: character }
}

/** Digits come in blocks of ten that do not touch. */
function digitOf(code: number): number {
  let zero = code
  while (code - zero < 9 && anyDigit.test(String.fromCodePoint(zero - 1))) zero--
  return code - zero
}

function hiraganaOf(code: number): string {
  const isKatakana = (code >= 0x30a1 && code <= 0x30f6) || code === 0x30fd || code === 0x30fe
  return String.fromCodePoint(isKatakana ? code - 0x60 : code)
}

const otherLetters = new Map<string, string>([
  ...pairs('øo łl ßss æae œoe đd ðd þth ıi ȷj ħh ŧt ŋn ƒf ɨi ʉu ɓb ɗd əe ςσ ×x'),
  ...pairs('ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz'),
  ...pairs('ىي یي کك ةه ـ'),
  ...hangulEnds(),
  ...pairs('ᅪᅩᅡ ᅫᅩᅢ ᅬᅩᅵ ᅯᅮᅥ ᅰᅮᅦ ᅱᅮᅵ ᅴᅳᅵ'),
])

/** Each character and what it becomes. */
function pairs(list: string): [string, string][] {
  return list.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)])
}

/** U+11A8 to U+11C2, in Unicode's order, as the letters that begin syllables. */
function hangulEnds(): [string, string][] {
  const letters =
    'ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'
      .normalize('NFKD')
      .split(' ')
  return letters.map((ends, index) => [String.fromCharCode(0x11a8 + index), ends])
}
