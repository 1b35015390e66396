import type { Query, QueryKind } from '../catalogue/query.ts'
import type { Task } from './write-catalog.ts'

/** Times of one kind: per query the median of its rounds, and whether its first hit was meant. Shorter than the list of queries where the time was up. */
export type Asked = {
  readonly kind: QueryKind | 'keystroke' | 'any'
  readonly ms: readonly number[]
  readonly isRight: readonly boolean[]
  readonly asked: number
  readonly rounds: number
}

/** Answers what `isRight` understands, or a promise of it. */
type Ask = (text: string) => unknown

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

type Plan = {
  readonly ask: Ask
  readonly isRight: (query: Query, answer: unknown) => boolean
  readonly mostMs: number
  readonly rounds: number
}

const askList = async (
  texts: readonly string[],
  { ask, mostMs, rounds }: Plan,
  onAnswer: (at: number, answer: unknown) => void,
): Promise<{ ms: number[]; rounds: number }> => {
  const times: number[][] = []
  const until = performance.now() + mostMs
  let round = 0
  for (; round < rounds && performance.now() < until; round += 1) {
    for (const [at, text] of texts.entries()) {
      if (round > 0 && times[at] === undefined) break
      const before = performance.now()
      const pending = ask(text)
      const answer = pending instanceof Promise ? await (pending as Promise<unknown>) : pending
      const spent = performance.now() - before
      if (round === 0) {
        times.push([spent])
        onAnswer(at, answer)
      } else times[at]?.push(spent)
      if (performance.now() > until) break
    }
  }
  return { ms: times.map(middle), rounds: round }
}

/** Every kind in turn, then the keystrokes; each within `mostMs`. Rounds go over the whole list, so that no query is asked twice in a row. */
export async function* askAll(task: Task, kinds: readonly QueryKind[], plan: Plan): AsyncGenerator<Asked> {
  await askList(task.warmUp, { ...plan, mostMs: plan.mostMs / 2, rounds: 1 }, () => undefined)
  for (const kind of kinds) {
    const queries = task.queries.filter((query) => query.kind === kind)
    const isRight: boolean[] = []
    const { ms, rounds } = await askList(
      queries.map(({ text }) => text),
      plan,
      (at, answer) => {
        const query = queries[at]
        isRight.push(query !== undefined && plan.isRight(query, answer))
      },
    )
    yield { kind, ms, isRight, asked: queries.length, rounds }
  }
  const { ms, rounds } = await askList(task.keystrokes, plan, () => undefined)
  yield { kind: 'keystroke', ms, isRight: [], asked: task.keystrokes.length, rounds }
}
