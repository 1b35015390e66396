/** Longest token that may have typos; a longer one matches exactly or not at all. */
export const maxTypoLength = 40

/** [SM2] Typos allowed in a word of this many UTF-16 units. */
export const typoBudget = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2)

/**
 * Damerau–Levenshtein distance, "optimal string alignment" (no part is edited twice), up to 2; anything more is 3. Call `set` with a token and `measure`
 * with a word of `units`, then read `whole`, the distance to the word, and `prefix`, the least distance to any prefix of it.
 */
export type Distance = {
  whole: number
  prefix: number
  set(token: string): void
  measure(start: number, length: number): void
}

const most = 2
const width = maxTypoLength + 2

export const createDistance = (units: Uint16Array): Distance => {
  const token = new Uint16Array(maxTypoLength)
  let tokenLength = 0
  // One row per unit of the word, one column per unit of the token; only a band of two on each side of the diagonal is filled.
  const rows = new Uint8Array((maxTypoLength + most + 1) * width)
  for (let column = 0; column < width; column++) rows[column] = Math.min(column, most + 1)

  const cell = (start: number, row: number, column: number): number => {
    const unit = units[start + row - 1]
    const above = (row - 1) * width + column
    let least = (rows[above - 1] ?? 0) + (token[column - 1] === unit ? 0 : 1)
    least = Math.min(least, (rows[above] ?? 0) + 1, (rows[above + width - 1] ?? 0) + 1)
    const isSwapped =
      row > 1 && column > 1 && token[column - 1] === units[start + row - 2] && token[column - 2] === unit
    return Math.min(least, isSwapped ? (rows[above - width - 2] ?? 0) + 1 : most + 1, most + 1)
  }
  /** Fills a row and returns its least value. */
  const fillRow = (start: number, row: number): number => {
    const first = Math.max(row - most, 0)
    const last = Math.min(row + most, tokenLength)
    let least = most + 1
    // The cells beside the band: one is read by this row, both by the next row.
    if (first > 0) rows[row * width + first - 1] = most + 1
    for (let column = first; column <= last; column++) {
      const value = column === 0 ? Math.min(row, most + 1) : cell(start, row, column)
      rows[row * width + column] = value
      if (value < least) least = value
    }
    if (last < tokenLength) rows[row * width + last + 1] = most + 1
    return least
  }
  const distance: Distance = {
    whole: 0,
    prefix: 0,
    set: (text) => {
      tokenLength = text.length
      for (let at = 0; at < tokenLength; at++) token[at] = text.charCodeAt(at)
    },
    measure: (start, length) => {
      distance.whole = most + 1
      distance.prefix = tokenLength <= most ? tokenLength : most + 1
      const lastRow = Math.min(length, tokenLength + most)
      for (let row = 1; row <= lastRow; row++) {
        const least = fillRow(start, row)
        if (row >= tokenLength - most)
          distance.prefix = Math.min(distance.prefix, rows[row * width + tokenLength] ?? most + 1)
        if (least > most) return
      }
      if (length === lastRow && length >= tokenLength - most)
        distance.whole = rows[length * width + tokenLength] ?? most + 1
    },
  }
  return distance
}
