import type { Vocabulary } from './vocabulary.ts'

/** Words that begin with something at one edit from the token; end exclusive. */
export type FoundRange = (start: number, end: number) => void

/** Words that are equal up to `depth`. */
type Cursor = { start: number; end: number; depth: number }

/**
 * Finds all words with a beginning at one edit from a token: goes down the sorted words letter by letter as in a tree, tries every edit at every place, and looks
 * whether the rest of the token follows. Some are found twice, and so is what begins with the token itself where an edit leads back to it.
 */
export const createOneTypoWalk = ({ units, offsets, count }: Vocabulary): ((token: string, found: FoundRange) => void) => {
  const path: Cursor = { start: 0, end: 0, depth: 0 }
  const child: Cursor = { start: 0, end: 0, depth: 0 }
  const trial: Cursor = { start: 0, end: 0, depth: 0 }

  /** Unit at a depth, -1 behind the end of the word. */
  const unitAt = (word: number, depth: number): number => {
    const at = (offsets[word] ?? 0) + depth
    return at < (offsets[word + 1] ?? 0) ? (units[at] ?? 0) : -1
  }
  /** First word of the cursor, from `from` on, whose next unit is at least this one. */
  const firstAtLeast = (cursor: Cursor, from: number, unit: number): number => {
    let low = from
    let high = cursor.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (unitAt(middle, cursor.depth) < unit) low = middle + 1
      else high = middle
    }
    return low
  }
  /** Where the words end that go on with a word's unit, which is likely near: looks at 1, 2, 4 … words first. */
  const endOfUnit = (cursor: Cursor, from: number, unit: number): number => {
    let step = 1
    while (from + step < cursor.end && unitAt(from + step, cursor.depth) === unit) step *= 2
    trial.start = from
    trial.end = Math.min(from + step, cursor.end)
    trial.depth = cursor.depth
    return firstAtLeast(trial, from + (step >>> 1), unit + 1)
  }
  /** Narrows to the words that go on with a unit; false if there are none. */
  const enter = (cursor: Cursor, unit: number): boolean => {
    cursor.start = firstAtLeast(cursor, cursor.start, unit)
    if (cursor.start >= cursor.end || unitAt(cursor.start, cursor.depth) !== unit) return false
    cursor.end = firstAtLeast(cursor, cursor.start, unit + 1)
    cursor.depth++
    return true
  }
  const tryFrom = ({ start, end, depth }: Cursor): Cursor => {
    trial.start = start
    trial.end = end
    trial.depth = depth
    return trial
  }
  /** Reports what the rest of the token, from `from` on, leads to. */
  const finish = (cursor: Cursor, token: string, from: number, found: FoundRange): void => {
    for (let place = from; place < token.length; place++) if (!enter(cursor, token.charCodeAt(place))) return
    found(cursor.start, cursor.end)
  }
  /** All edits at one place, `path` being what the token has led to so far. */
  const editAt = (token: string, place: number, found: FoundRange): void => {
    if (place < token.length) finish(tryFrom(path), token, place + 1, found)
    if (place + 1 < token.length && enter(tryFrom(path), token.charCodeAt(place + 1)) && enter(trial, token.charCodeAt(place))) finish(trial, token, place + 2, found)
    child.depth = place + 1
    let next = unitAt(path.start, place) < 0 ? path.start + 1 : path.start
    while (next < path.end) {
      child.start = next
      child.end = endOfUnit(path, next, unitAt(next, place))
      finish(tryFrom(child), token, place, found)
      if (place < token.length) finish(tryFrom(child), token, place + 1, found)
      next = child.end
    }
  }
  return (token, found) => {
    path.start = 0
    path.end = count
    path.depth = 0
    for (let place = 0; place <= token.length; place++) {
      if (path.start >= path.end) return
      editAt(token, place, found)
      if (place === token.length || !enter(path, token.charCodeAt(place))) return
    }
  }
}
