import type { ChangeGraph } from './change-graph.ts'

/** The changes that a new change follows: its dependencies and all that they follow. */
export type CausalPast = {
  readonly has: (change: number) => boolean
  /** More dependencies, of a later change in the same envelope. */
  readonly include: (deps: readonly number[]) => void
  /** Known changes outside the past when it was made: those that are concurrent with the first change. */
  readonly concurrent: readonly number[]
}

/**
 * Only the concurrent changes are looked at, not the whole history: from the newest change down until all that is left is in the past.
 * Takes at most one step for each change and dependency of the document, and for `include` together once more as many.
 */
export const createCausalPast = (graph: ChangeGraph, deps: readonly number[]): CausalPast => {
  const outside = findConcurrent(graph, deps)
  const concurrent = [...outside]
  const include = (more: readonly number[]): void => {
    const open = more.filter((change) => outside.delete(change))
    for (let change = open.pop(); change !== undefined; change = open.pop())
      for (const dep of graph.depsOf(change)) if (outside.delete(dep)) open.push(dep)
  }
  return { has: (change) => change < graph.size() && !outside.has(change), include, concurrent }
}

const findConcurrent = (graph: ChangeGraph, deps: readonly number[]): Set<number> => {
  const inside = new Set(deps)
  const open = new Set([...graph.heads()].filter((head) => !inside.has(head)))
  const found = new Set<number>()
  // Descending numbers: whatever follows a change was looked at before it, so its side is known.
  for (let change = graph.size() - 1; open.size > 0; change -= 1) {
    if (inside.has(change)) {
      for (const dep of graph.depsOf(change)) {
        inside.add(dep)
        open.delete(dep)
      }
    } else if (open.delete(change)) {
      found.add(change)
      for (const dep of graph.depsOf(change).filter((number) => !inside.has(number))) open.add(dep)
    }
  }
  return found
}
