import type { Answer } from '../../engine/server/answer.ts'
import type { Page } from '@tonestead/protocol/catalog'

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** The longest pause between two letters of one prefix. */
const typingPauseMs = 700

/** The letters typed so far; after a pause a new prefix starts. */
export type Typed = { readonly text: string; readonly atMs: number }

export const typed = (before: Typed, key: string, nowMs: number): Typed => ({
  text: nowMs - before.atMs > typingPauseMs ? key : before.text + key,
  atMs: nowMs,
})

export const startsWith = (title: string, prefix: string): boolean =>
  collator.compare(title.slice(0, prefix.length), prefix) === 0

/** The first row whose title is not before the prefix. Binary search in a list sorted by title: about 15 requests for 20,000 rows. */
export const findSorted = async (
  list: { total: number; at: (index: number) => Promise<string | undefined> },
  prefix: string,
): Promise<number | undefined> => {
  let low = 0
  let high = list.total
  while (low < high) {
    const middle = (low + high) >>> 1
    const title = await list.at(middle)
    if (title === undefined) return undefined
    if (collator.compare(title.slice(0, prefix.length), prefix) < 0) low = middle + 1
    else high = middle
  }
  return low < list.total ? low : undefined
}

/** Requests the title of one row of a paged list. */
export const titleAt =
  (
    fetch: (
      range: { offset: number; limit: number },
      signal: AbortSignal,
    ) => Promise<Answer<Page<{ readonly title: string }>>>,
    signal: AbortSignal,
  ) =>
  async (index: number): Promise<string | undefined> => {
    const answer = await fetch({ offset: index, limit: 1 }, signal)
    return answer.kind === 'ready' ? answer.value.items[0]?.title : undefined
  }
