import { createCausalPast, type CausalPast } from './operation-index/causal-past.ts'
import type { ChangeCheckRequest } from './change-check.ts'
import type { ChangeRecord, OpId, OpRecord } from './operation-index/op-record.ts'
import { targetOf } from './operation-index/op-record.ts'
import { createVisibleOps } from './operation-index/visible-ops.ts'

/** The part of an envelope that was checked so far, on top of the index. */
export type EnvelopeDraft = {
  readonly changes: () => readonly ChangeRecord[]
  readonly changeOf: (hash: string) => ChangeRecord | undefined
  readonly addChange: (change: ChangeRecord) => void
  /** Takes the dependencies, as numbers of the graph, into the past of what follows. */
  readonly follow: (deps: readonly number[]) => CausalPast
  /** The operation, if it is in the past or earlier in the envelope. */
  readonly find: (id: OpId) => OpRecord | undefined
  /** What an operation at a place overwrites: all that is visible there. */
  readonly visibleAt: (object: OpId, place: { key: string } | { element: OpId }) => readonly OpId[]
  readonly add: (id: OpId, op: OpRecord) => void
}

export const createEnvelopeDraft = ({ index }: ChangeCheckRequest): EnvelopeDraft => {
  const changes = new Map<string, ChangeRecord>()
  const own = new Map<OpId, OpRecord>()
  const ownVisible = new Map<string, readonly OpId[]>()
  const overwritten = new Set<OpId>()
  let past: CausalPast | undefined
  let visible: ReturnType<typeof createVisibleOps> | undefined
  return {
    changes: () => [...changes.values()],
    changeOf: (hash) => changes.get(hash),
    addChange: (change) => void changes.set(change.hash, change),
    follow: (deps) => {
      past ??= createCausalPast(index.graph, deps)
      visible ??= createVisibleOps(index, past)
      past.include(deps)
      return past
    },
    find: (id) => {
      const found = own.get(id)
      const row = found === undefined ? index.graph.rowOf(id) : undefined
      if (row === undefined) return found
      return past?.has(index.graph.changeOfRow(row)) === true ? index.ops.at(row) : undefined
    },
    visibleAt: (object, place) => {
      const before = visible?.(object, place).filter((id) => !overwritten.has(id)) ?? []
      return [...before, ...(ownVisible.get(targetNameOf(object, place)) ?? [])]
    },
    add: (id, op) => {
      own.set(id, op)
      for (const pred of op.preds) overwritten.add(pred)
      const target = targetOf(id, op)
      const rest = (ownVisible.get(target) ?? []).filter((other) => !overwritten.has(other))
      ownVisible.set(target, op.action === 'del' ? rest : [...rest, id])
    },
  }
}

const targetNameOf = (object: OpId, place: { key: string } | { element: OpId }): string =>
  'key' in place ? `${object} key ${place.key}` : `${object} element ${place.element}`
