// The code of each token of an attempt at each word of one segment.
import type { Expander, Token, TokenWords } from './expand.ts'
import { codes, maxTokens } from './rank.ts'

export type TokenCodes = {
  readonly words: readonly TokenWords[]
  readonly isOptional: Uint8Array
  count: number
  prepare(tokens: readonly Token[], hasTypos: boolean): void
  /** Code of a token at a word, 0: none. */
  codeAt(token: number, word: number): number
  /** Stores the present tokens as those of the plain reading. */
  readonly setPlain: () => void
  /** Each token of the plain reading that is not optional matches one of the words without typos [SL0]. */
  isPlainMatch(holds: (isWanted: (word: number) => boolean) => boolean): boolean
}

export const createTokenCodes = (expander: Expander): TokenCodes => {
  const words = Array.from({ length: maxTokens }, () => expander.create())
  const codeTables = words.map(({ codeOf }) => codeOf)
  const exacts = new Int32Array(maxTokens)
  const starts = new Int32Array(maxTokens)
  const ends = new Int32Array(maxTokens)
  const isOptional = new Uint8Array(maxTokens)
  const plain: { readonly exact: number; readonly start: number; readonly end: number }[] = []
  let hasTypos = false

  const prepare = (tokens: readonly Token[], withTypos: boolean): void => {
    hasTypos = withTypos
    tokenCodes.count = tokens.length
    for (const [at, token] of tokens.entries()) {
      const into = words[at]
      if (into === undefined) continue
      expander.expand(token, into, withTypos)
      exacts[at] = into.exact
      starts[at] = into.start
      ends[at] = into.end
      isOptional[at] = token.isOptional ? 1 : 0
    }
  }
  const codeAt = (token: number, word: number): number => {
    if (word === exacts[token]) return codes.exact
    if (word >= (starts[token] ?? 0) && word < (ends[token] ?? 0)) return codes.prefix
    return hasTypos ? (codeTables[token]?.[word] ?? 0) : 0
  }
  const setPlain = (): void => {
    plain.length = 0
    for (let token = 0; token < tokenCodes.count; token++)
      if (isOptional[token] === 0)
        plain.push({ exact: exacts[token] ?? -1, start: starts[token] ?? 0, end: ends[token] ?? 0 })
  }
  const tokenCodes: TokenCodes = {
    words,
    isOptional,
    count: 0,
    prepare,
    codeAt,
    setPlain,
    isPlainMatch: (holds) =>
      plain.every(({ exact, start, end }) => holds((word) => word === exact || (word >= start && word < end))),
  }
  return tokenCodes
}
