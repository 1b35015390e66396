import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCausalPast } from './causal-past.ts'
import { createChangeGraph } from './change-graph.ts'

/** For each change, which earlier ones it depends on. */
const anyGraph = fc
  .array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { minLength: 1, maxLength: 30, size: 'max' })
  .map((rows) => rows.map((deps, number) => [...new Set(deps.filter((dep) => dep < number))]))

const graphOf = (rows: readonly (readonly number[])[]) => {
  const graph = createChangeGraph()
  for (const [number, deps] of rows.entries())
    graph.add(undefined, {
      hash: `hash ${number}`,
      actor: `actor ${number}`,
      seq: 1,
      startOp: 1,
      maxOp: 0,
      deps: deps.map((dep) => `hash ${dep}`),
      ops: [],
    })
  return graph
}

/** All that the changes follow, and they themselves, by the definition. */
const followed = (rows: readonly (readonly number[])[], deps: readonly number[]): Set<number> =>
  new Set(deps.flatMap((dep) => [dep, ...followed(rows, rows[dep] ?? [])]))

describe('createCausalPast', () => {
  it('[CC10] has exactly the dependencies and what they follow, also after more were included', () => {
    fc.assert(
      fc.property(
        anyGraph,
        fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        (rows, steps) => {
          const named = steps.map((deps) => deps.filter((dep) => dep < rows.length))
          const past = createCausalPast(graphOf(rows), named[0]!)
          for (const [index, deps] of named.entries()) {
            past.include(deps)
            const expected = followed(rows, named.slice(0, index + 1).flat())
            expect(rows.map((_, number) => past.has(number))).toEqual(rows.map((_, number) => expected.has(number)))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('[CC10] lists what is concurrent with the first change', () => {
    const graph = graphOf([[], [0], [0], [1], [2]])
    expect(createCausalPast(graph, [3]).concurrent.toSorted()).toEqual([2, 4])
    expect(createCausalPast(graph, [3, 4]).concurrent).toEqual([])
  })
})
