import type { Vocabulary } from '../text/vocabulary.ts'

/** Receives a range of words with a prefix at one edit from the token; end exclusive. */
export type FoundRange = (start: number, end: number) => void

/** A range of words that share their first `depth` units. */
type Cursor = { start: number; end: number; depth: number }

/**
 * Finds all words with a prefix at one edit from a token [SM3]: descends the sorted words unit by unit as in a trie, tries every edit at every place, and
 * checks whether the rest of the token follows. Some words are reported twice, and so are words that begin with the token itself if an edit restores it.
 */
export const createOneTypoWalk = (vocabulary: Vocabulary): ((token: string, found: FoundRange) => void) => {
  const { unitAt, endOfUnit, enter } = createDescent(vocabulary)
  const path: Cursor = { start: 0, end: 0, depth: 0 }
  const child: Cursor = { start: 0, end: 0, depth: 0 }
  const trial: Cursor = { start: 0, end: 0, depth: 0 }
  let token = ''
  const tryFrom = ({ start, end, depth }: Cursor): Cursor => {
    trial.start = start
    trial.end = end
    trial.depth = depth
    return trial
  }
  /** Reports the words that go on with the rest of the token, from `from` on. */
  const finish = (from: number, found: FoundRange): void => {
    for (let place = from; place < token.length; place++) if (!enter(trial, token.charCodeAt(place))) return
    found(trial.start, trial.end)
  }
  /** Tries all edits at one place; `path` is the range of words that begin with the token up to there. */
  const editAt = (place: number, found: FoundRange): void => {
    if (place < token.length) {
      tryFrom(path)
      finish(place + 1, found)
    }
    if (
      place + 1 < token.length &&
      enter(tryFrom(path), token.charCodeAt(place + 1)) &&
      enter(trial, token.charCodeAt(place))
    )
      finish(place + 2, found)
    child.depth = place + 1
    for (let next = unitAt(path.start, place) < 0 ? path.start + 1 : path.start; next < path.end; next = child.end) {
      child.start = next
      child.end = endOfUnit(path, next)
      tryFrom(child)
      finish(place, found)
      if (place === token.length) continue
      tryFrom(child)
      finish(place + 1, found)
    }
  }
  return (text, found) => {
    token = text
    path.start = 0
    path.end = vocabulary.count
    path.depth = 0
    for (let place = 0; place <= token.length; place++) {
      if (path.start >= path.end) return
      editAt(place, found)
      if (place === token.length || !enter(path, token.charCodeAt(place))) return
    }
  }
}

/** Descends the sorted words as if they were a trie. */
const createDescent = ({ units, offsets }: Vocabulary) => {
  /** Unit at a depth, -1 after the end of the word. */
  const unitAt = (word: number, depth: number): number => {
    const at = (offsets[word] ?? 0) + depth
    return at < (offsets[word + 1] ?? 0) ? (units[at] ?? 0) : -1
  }
  const span = { from: 0, to: 0 }
  /** First word of the span whose unit at `depth` is at least `unit`. */
  const firstAtLeast = (depth: number, unit: number): number => {
    let { from, to } = span
    while (from < to) {
      const middle = (from + to) >>> 1
      if (unitAt(middle, depth) < unit) from = middle + 1
      else to = middle
    }
    return from
  }
  /** End of the words with the same unit as the word `from`. Usually near, so it tries 1, 2, 4 … words first (galloping search). */
  const endOfUnit = ({ end, depth }: Cursor, from: number): number => {
    const unit = unitAt(from, depth)
    let step = 1
    while (from + step < end && unitAt(from + step, depth) === unit) step *= 2
    span.from = from + (step >>> 1)
    span.to = Math.min(from + step, end)
    return firstAtLeast(depth, unit + 1)
  }
  /** Narrows the cursor to the words whose next unit is `unit`; false if there are none. */
  const enter = (cursor: Cursor, unit: number): boolean => {
    span.from = cursor.start
    span.to = cursor.end
    cursor.start = firstAtLeast(cursor.depth, unit)
    if (cursor.start >= cursor.end || unitAt(cursor.start, cursor.depth) !== unit) return false
    span.from = cursor.start
    span.to = cursor.end
    cursor.end = firstAtLeast(cursor.depth, unit + 1)
    cursor.depth++
    return true
  }
  return { unitAt, endOfUnit, enter }
}
