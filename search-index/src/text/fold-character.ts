// Folding of one character (fold.ts), and the reasons:
// - Compatibility decomposition (Unicode UAX 15, NFKD) replaces full-width, circled and mathematical letters and ligatures, and separates diacritics.
// - Marks are removed in scripts where people omit them when typing: Latin, Greek, Cyrillic, Hebrew, Arabic. Elsewhere they change the letter
//   (Indic and Thai vowels, the voicing of kana) and stay.
// - A table has letters that Unicode does not decompose and people type as other letters (ø ł ß æ).
// - Katakana becomes hiragana; Arabic letters with one sound and shape become one letter; digits of all scripts become 0 to 9.
// - A Hangul syllable becomes its letters (jamo), with final consonants written as initial ones. So the state of an input method in the middle of a
//   name (반) is a prefix of the name (바나나), and one wrong letter is one typo.

/** Numbers for speed: a build looks up the kind of every character. */
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

/** One folded part of a character. `text` is empty except for letters, unspaced characters and marks that stay. */
export type Piece = { readonly kind: CharacterKind; readonly text: string }

const kinds = characterKinds
const symbol = (kind: CharacterKind): Piece => ({ kind, text: '' })

/** Kind of an ASCII character, which must be lowercase. Undefined for other characters and for NaN. */
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

/** The folded parts of a character, given by its code point; never empty. */
export function foldCharacter(code: number): readonly Piece[] {
  const known = cache.get(code)
  if (known !== undefined) return known
  const pieces = piecesOf(String.fromCodePoint(code))
  if (cache.size < maxCached) cache.set(code, pieces)
  return pieces
}

const cache = new Map<number, readonly Piece[]>()
/** More than the different letters of any catalog; a bound for hostile text. */
const maxCached = 20_000

const apostrophes = new Set('’‘‛ʼʻʹʽʾʿ′´＇')
const nameless = new Set('™℠®©℗')

function piecesOf(character: string): readonly Piece[] {
  if (apostrophes.has(character)) return [symbol(kinds.apostrophe)]
  if (nameless.has(character)) return [symbol(kinds.separator)]
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
  if (ignorable.test(character)) return symbol(kinds.ignored)
  if (anyDigit.test(character)) return { kind: kinds.letter, text: String(digitOf(code)) }
  if (!anyLetter.test(character)) return symbol(kinds.separator)
  return unspacedScript.test(character)
    ? { kind: kinds.unspaced, text: hiraganaOf(code) }
    : { kind: kinds.letter, text: character }
}

/** In Unicode, digits are in blocks of ten that do not adjoin. */
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

/** Pairs of a character and its replacement. */
function pairs(list: string): [string, string][] {
  return list.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)])
}

/** Final consonants U+11A8 to U+11C2, in Unicode's order, as initial consonants. */
function hangulEnds(): [string, string][] {
  const letters =
    'ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'
      .normalize('NFKD')
      .split(' ')
  return letters.map((ends, index) => [String.fromCharCode(0x11a8 + index), ends])
}
