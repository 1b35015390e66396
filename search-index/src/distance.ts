/** Longest token that is compared with typos allowed: longer ones are exact or not found. */
export const mostTypoLength = 40

/** [T2] Typos allowed in a word of this many UTF-16 units. */
export const typoBudget = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2)

export type Distances = { /** Between the two words whole. */ readonly whole: number; /** Least between the token and any beginning of the word. */ readonly prefix: number }

/** Damerau–Levenshtein distance in its "optimal string alignment" form: no part is edited twice. */
export const distancesOf = (token: string, word: string): Distances => {
  let before: number[] = []
  let row = Array.from({ length: token.length + 1 }, (_, index) => index)
  let prefix = token.length
  for (let at = 1; at <= word.length; at++) {
    const next = [at]
    for (let t = 1; t <= token.length; t++) {
      const isSame = token[t - 1] === word[at - 1]
      let least = Math.min((row[t - 1] ?? 0) + (isSame ? 0 : 1), (row[t] ?? 0) + 1, (next[t - 1] ?? 0) + 1)
      if (t > 1 && at > 1 && token[t - 1] === word[at - 2] && token[t - 2] === word[at - 1]) least = Math.min(least, (before[t - 2] ?? 0) + 1)
      next.push(least)
    }
    before = row
    row = next
    prefix = Math.min(prefix, row[token.length] ?? prefix)
  }
  return { whole: row[token.length] ?? 0, prefix }
}
