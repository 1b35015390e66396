/** A document that matched: its number in a segment, the number of the attempt that found it, and its score. */
export type FoundDocument = {
  readonly segment: number
  readonly document: number
  readonly attempt: number
  readonly loss: number
  readonly score: number
  readonly popularity: number
}

/** The best found so far, best first [SR7]. */
export type TopHits = {
  readonly list: readonly FoundDocument[]
  /** A document with a lower score is not among the best. */
  minCompetitiveScore(): number
  /** Of a document offered twice, the better score counts. */
  offer(found: FoundDocument): void
}

/** `isBefore` decides between equal scores. */
export const createTopHits = (
  capacity: number,
  isBefore: (one: FoundDocument, other: FoundDocument) => boolean,
): TopHits => {
  const list: FoundDocument[] = []
  const isBetter = (one: FoundDocument, other: FoundDocument) =>
    one.score > other.score || (one.score === other.score && isBefore(one, other))
  const placeFor = (found: FoundDocument): number => {
    let from = 0
    let to = list.length
    while (from < to) {
      const middle = (from + to) >>> 1
      const there = list[middle]
      if (there !== undefined && isBetter(found, there)) to = middle
      else from = middle + 1
    }
    return from
  }
  const offer = (found: FoundDocument): void => {
    const known = list.findIndex(({ segment, document }) => document === found.document && segment === found.segment)
    const before = list[known]
    if (before !== undefined) {
      if (before.score >= found.score) return
      list.splice(known, 1)
    }
    list.splice(placeFor(found), 0, found)
    if (list.length > capacity) list.pop()
  }
  return {
    list,
    offer,
    minCompetitiveScore: () => (list.length < capacity ? -Infinity : (list[capacity - 1]?.score ?? -Infinity)),
  }
}
