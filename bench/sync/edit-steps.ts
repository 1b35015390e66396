import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { createRandom } from '../catalog/seeded-random.ts'

// What people do to a list: one step is one edit of one entry.

/** `after`: the entry that stands before it; undefined at the start. */
export type EditStep =
  | { readonly kind: 'insert'; readonly id: string; readonly after: string | undefined }
  | { readonly kind: 'remove'; readonly id: string }

/** One name for each step. */
export const keyOf = (kind: EditStep['kind'], id: string): string => `${kind} ${id}`

/** Editing traces of real people, in the format of github.com/josephg/editing-traces. Set TONESTEAD_TRACES, or put them in shared/traces beside the repository. */
const folder = process.env['TONESTEAD_TRACES'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'traces')

const traceSchema = z.object({
  txns: z.array(z.object({ patches: z.array(z.tuple([z.number(), z.number(), z.string()])) })),
})

const letters = 'abcdefghijklmnopqrstuvwxyz'
/** An id of 26 characters, as ids of entries are. */
export const entryIdOf = (number: number): string =>
  `e${[...String(number).padStart(7, '0')].map((digit) => letters[Number(digit)]).join('')}`.padEnd(26, 'a')

/** The first steps of a trace: each character is an entry, each position the entry before it. */
export const readTraceSteps = (name: string, count: number): readonly EditStep[] | undefined => {
  const trace = readTrace(name)
  if (trace === undefined) return undefined
  const [shown, steps]: [string[], EditStep[]] = [[], []]
  for (const { patches } of trace.txns)
    for (const [position, removed, inserted] of patches) {
      for (const id of shown.splice(position, removed)) steps.push({ kind: 'remove', id })
      const ids = Array.from(inserted, (_, offset) => entryIdOf(steps.length + offset))
      ids.forEach((id, offset) => steps.push({ kind: 'insert', id, after: ids[offset - 1] ?? shown[position - 1] }))
      shown.splice(position, 0, ...ids)
      if (steps.length >= count) return steps.slice(0, count)
    }
  return steps
}

const readTrace = (name: string): z.infer<typeof traceSchema> | undefined => {
  try {
    const packed = readFileSync(join(folder, 'sequential_traces', `${name}.json.gz`))
    return traceSchema.parse(JSON.parse(gunzipSync(packed).toString()))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

/** Steps of nobody: three inserts at random places to one removal. */
export const inventSteps = (count: number): readonly EditStep[] => {
  const random = createRandom('edit steps')
  const [shown, steps]: [string[], EditStep[]] = [[], []]
  while (steps.length < count) {
    const at = random.below(shown.length + 1)
    const [removed] = random.chance(0.25) ? shown.splice(at, 1) : []
    if (removed !== undefined) {
      steps.push({ kind: 'remove', id: removed })
      continue
    }
    const id = entryIdOf(steps.length)
    steps.push({ kind: 'insert', id, after: shown[at - 1] })
    shown.splice(at, 0, id)
  }
  return steps
}
