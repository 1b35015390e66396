import type { Query, QueryKind } from '../catalog/query.ts'
import { median } from '../runner/rows.ts'
import type { SearchTask } from './write-search-task.ts'

/** Times of the queries of one kind. */
export type QueryTimes = {
  readonly kind: QueryKind | 'keystroke' | 'any'
  /** For each query the median of its rounds. Shorter than `total` where the time was up. */
  readonly ms: readonly number[]
  /** For each query whether its first hit is what the query means; empty where that is not graded. */
  readonly isRight: readonly boolean[]
  /** How many queries the list has. */
  readonly total: number
  readonly rounds: number
}

type Plan = {
  /** The answer, or a promise of it, in the form that `isRight` reads. */
  readonly search: (text: string) => unknown
  readonly isRight: (query: Query, answer: unknown) => boolean
  /** For each kind. */
  readonly mostMs: number
  readonly rounds: number
}

/** Times every kind in turn, then the keystrokes; each takes at most `mostMs`. */
export async function* timeQueries(
  task: SearchTask,
  kinds: readonly QueryKind[],
  plan: Plan,
): AsyncGenerator<QueryTimes> {
  await timeList(task.warmUp, { ...plan, mostMs: plan.mostMs / 2, rounds: 1 }, () => undefined)
  for (const kind of kinds) {
    const queries = task.queries.filter((query) => query.kind === kind)
    const isRight: boolean[] = []
    const texts = queries.map(({ text }) => text)
    const { ms, rounds } = await timeList(texts, plan, (at, answer) => {
      const query = queries[at]
      isRight.push(query !== undefined && plan.isRight(query, answer))
    })
    yield { kind, ms, isRight, total: queries.length, rounds }
  }
  const { ms, rounds } = await timeList(task.keystrokes, plan, () => undefined)
  yield { kind: 'keystroke', ms, isRight: [], total: task.keystrokes.length, rounds }
}

/** A round goes over the whole list, so that no query comes twice in a row. The first round hands out the answers. */
const timeList = async (
  texts: readonly string[],
  { search, mostMs, rounds }: Plan,
  onAnswer: (at: number, answer: unknown) => void,
): Promise<{ ms: number[]; rounds: number }> => {
  const times: number[][] = []
  const until = performance.now() + mostMs
  let round = 0
  for (; round < rounds && performance.now() < until; round += 1) {
    for (const [at, text] of texts.entries()) {
      if (round > 0 && times[at] === undefined) break
      const before = performance.now()
      const pending = search(text)
      // Without an await for a plain value: that would count a turn of the event loop.
      const answer = pending instanceof Promise ? await (pending as Promise<unknown>) : pending
      const spent = performance.now() - before
      if (round === 0) {
        times.push([spent])
        onAnswer(at, answer)
      } else times[at]?.push(spent)
      if (performance.now() > until) break
    }
  }
  return { ms: times.map(median), rounds: round }
}
