// From text as people write it to words as the index compares them. fold-character.ts folds single characters.
import { characterKinds as kinds, foldCharacter, kindOfAscii, type CharacterKind } from './fold-character.ts'

/** A folded word, and its place in the source text: UTF-16 offsets, end exclusive. */
export type FoldedWord = { readonly word: string; readonly start: number; readonly end: number }

/**
 * The words of a text, in order. Letters are lowercase, without diacritics, in one width and one form. Also:
 * - apostrophes are removed ("don't" → dont), letters with dots are joined ("T.N.T." → tnt), symbols that stand for letters are letters ("P!nk", "Ke$ha");
 * - "&", "+" and a lone "n" between words of several letters are the word "and" ("Guns N' Roses", "rag'n'bone");
 * - scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give overlapping pairs of characters (bigrams): 椎名林檎 → 椎名 名林 林檎;
 * - a text of symbols alone has the symbols as its words ("!!!", "÷", "★").
 * Linear in the length of the text, which may be any string, also ill-formed UTF-16.
 */
export function foldWords(text: string): readonly FoldedWord[] {
  return fold(text, true)
}

/** The folded words joined by single spaces; runs in scripts without spaces stay whole. Equal for texts that differ only in writing. */
export function foldText(text: string): string {
  return fold(text, false)
    .map(({ word }) => word)
    .join(' ')
}

type Word = { word: string; readonly start: number; end: number }

/** What is between two words. */
type Gap = 'nothing' | 'dot' | 'and' | 'other'

type Scan = {
  readonly text: string
  readonly isPaired: boolean
  readonly words: Word[]
  /** The present word, empty between words; `run`: the present characters of a script without spaces. */
  word: string
  run: Word[]
  start: number
  end: number
  /** The word has marks that stay, so it must be normalized. */
  hasMarks: boolean
  gap: Gap
  andAt: number
  /** The last word is one letter, or letters joined by dots. */
  isInitials: boolean
}

function fold(text: string, isPaired: boolean): readonly FoldedWord[] {
  // İ is the only letter whose lower case is longer, which would shift offsets.
  const lower = text.replaceAll('İ', 'i').toLowerCase()
  const scan: Scan = {
    text: lower,
    isPaired,
    words: [],
    word: '',
    run: [],
    start: 0,
    end: 0,
    hasMarks: false,
    gap: 'nothing',
    andAt: 0,
    isInitials: false,
  }
  for (let at = 0; at < lower.length;) {
    const kind = kindOfAscii(lower.charCodeAt(at))
    if (kind === kinds.letter) at = readLetters(scan, at)
    else if (kind === undefined) at = readCharacter(scan, at)
    else readSymbol(scan, kind, at++)
  }
  closeWord(scan)
  return scan.words.length > 0 ? scan.words : symbolWords(lower)
}

function readLetters(scan: Scan, from: number): number {
  let at = from + 1
  while (kindOfAscii(scan.text.charCodeAt(at)) === kinds.letter) at++
  addLetters(scan, { word: scan.text.slice(from, at), start: from, end: at })
  return at
}

function readCharacter(scan: Scan, at: number): number {
  const code = scan.text.codePointAt(at) ?? 0
  const end = at + (code > 0xffff ? 2 : 1)
  for (const piece of foldCharacter(code)) {
    if (piece.kind === kinds.letter) addLetters(scan, { word: piece.text, start: at, end })
    else if (piece.kind === kinds.unspaced) addUnspaced(scan, { word: piece.text, start: at, end })
    else if (piece.kind === kinds.mark) addMark(scan, piece.text, end)
    else readSymbol(scan, piece.kind, at)
  }
  return end
}

function addLetters(scan: Scan, letters: FoldedWord): void {
  if (scan.run.length > 0) closeWord(scan)
  if (scan.word === '') scan.start = letters.start
  scan.word += letters.word
  scan.end = letters.end
}

function addUnspaced(scan: Scan, character: Word): void {
  if (scan.word !== '') closeWord(scan)
  scan.run.push(character)
}

/** An empty mark was removed by folding; it still belongs to its letter when the text is highlighted. */
function addMark(scan: Scan, mark: string, end: number): void {
  const character = scan.run.at(-1)
  if (character !== undefined) {
    character.word = mark === '' ? character.word : (character.word + mark).normalize('NFC')
    character.end = end
  } else if (scan.word !== '') {
    scan.word += mark
    scan.end = end
    scan.hasMarks ||= mark !== ''
  }
}

function readSymbol(scan: Scan, kind: CharacterKind, at: number): void {
  if (kind === kinds.ignored) return
  if (kind === kinds.apostrophe && !isAroundN(scan.text, at)) return
  const letter = kind === kinds.dollar ? dollarLetter(scan, at) : kind === kinds.bang ? bangLetter(scan, at) : ''
  if (letter !== '') {
    addLetters(scan, { word: letter, start: at, end: at + 1 })
    return
  }
  closeWord(scan)
  if (kind === kinds.and && scan.gap !== 'and') {
    scan.gap = 'and'
    scan.andAt = at
  } else if (scan.gap !== 'and') scan.gap = kind === kinds.dot && scan.gap === 'nothing' ? 'dot' : 'other'
}

const aLetter = /^\p{L}/u
const isLetter = (text: string) => text !== '' && aLetter.test(text)

/** "Ke$ha", "Ty Dolla $ign"; not "$100". */
function dollarLetter({ word, text }: Scan, at: number): string {
  return isLetter(word.slice(-1)) || isLetter(text.charAt(at + 1)) ? 's' : ''
}

/** "P!nk"; not "Wham!" or "Hey! Ho". */
function bangLetter({ word, text }: Scan, at: number): string {
  return isLetter(word.slice(-1)) && isLetter(text.charAt(at + 1)) ? 'i' : ''
}

const isApostrophe = (text: string, at: number) =>
  at >= 0 && at < text.length && foldCharacter(text.charCodeAt(at))[0]?.kind === kinds.apostrophe

/** Either apostrophe of "rock'n'roll", which are three words. */
function isAroundN(text: string, at: number): boolean {
  return (text[at + 1] === 'n' && isApostrophe(text, at + 2)) || (text[at - 1] === 'n' && isApostrophe(text, at - 2))
}

function closeWord(scan: Scan): void {
  const { run, word } = scan
  if (run.length > 0) closeRun(scan)
  if (word === '') return
  addWord(
    scan,
    { word: scan.hasMarks ? word.normalize('NFC') : word, start: scan.start, end: scan.end },
    word.length === 1 && isLetter(word),
  )
  scan.word = ''
  scan.hasMarks = false
}

function closeRun(scan: Scan): void {
  const { run, isPaired } = scan
  const whole: Word = {
    word: run.map(({ word }) => word).join(''),
    start: run[0]?.start ?? 0,
    end: run.at(-1)?.end ?? 0,
  }
  scan.run = []
  if (isPaired && run.length > 1) {
    run.slice(1).forEach((second, index) => {
      const first = run[index] ?? second
      addWord(scan, { word: first.word + second.word, start: first.start, end: second.end }, false)
    })
  } else addWord(scan, whole, false)
}

function addWord(scan: Scan, next: Word, isInitial: boolean): void {
  const { words, gap } = scan
  scan.gap = 'nothing'
  const last = words.at(-1)
  if (last !== undefined && gap === 'dot' && isInitial && scan.isInitials) {
    last.word += next.word
    last.end = next.end
    return
  }
  if (last !== undefined) addAnd(scan, { gap, last, next })
  words.push(next)
  scan.isInitials = isInitial
}

function addAnd(
  { words, andAt }: Scan,
  { gap, last, next }: { readonly gap: Gap; readonly last: Word; readonly next: Word },
): void {
  const isN = last.word === 'n' && next.word.length > 1 && (words.at(-2)?.word.length ?? 0) > 1
  if (gap === 'and') words.push({ word: 'and', start: andAt, end: andAt + 1 })
  else if (isN) last.word = 'and'
}

/** For a text without letters and digits: the runs of symbols between spaces. */
function symbolWords(text: string): readonly FoldedWord[] {
  const words: Word[] = []
  let open: Word | undefined
  let at = 0
  for (const character of text) {
    const end = at + character.length
    const symbol = symbolOf(character)
    if (isSpace.test(character)) open = undefined
    else if (open !== undefined) {
      open.word += symbol
      open.end = end
    } else if (symbol !== '') words.push((open = { word: symbol, start: at, end }))
    at = end
  }
  return words
}

const isSpace = /^[\s\p{Cc}\p{Z}]$/u
const invisible = /[\s\p{M}]/gu

/** Empty for invisible characters: direction marks, joiners, halves of surrogate pairs. */
function symbolOf(character: string): string {
  const isUnseen = foldCharacter(character.codePointAt(0) ?? 0).every(({ kind }) => kind === kinds.ignored)
  return isUnseen ? '' : character.normalize('NFKD').replace(invisible, '')
}
