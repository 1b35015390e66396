import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { createChangeGraph, type ChangeGraph } from './change-graph.ts'
import type { ChangeRecord } from './op-record.ts'
import { createOpTable, type OpTable } from './op-table.ts'

/** The changes of one envelope; of a constant change or a snapshot, `envelope` is undefined. */
export type EnvelopeRecord = { readonly envelope: ItemId | undefined; readonly changes: readonly ChangeRecord[] }

/** All accepted changes of one document. It is a fold over `EnvelopeRecord`s, which the caller stores (write-records.ts), in any causal order. */
export type DocumentIndex = {
  readonly graph: ChangeGraph
  readonly ops: OpTable
  /** Throws when something that the changes build on is missing: the caller adds only what was checked. */
  readonly add: (record: EnvelopeRecord) => void
  /** What was added, in the same order. */
  readonly records: () => readonly EnvelopeRecord[]
}

export const createDocumentIndex = (records: readonly EnvelopeRecord[] = []): DocumentIndex => {
  const graph = createChangeGraph()
  const ops = createOpTable(graph)
  const add = ({ envelope, changes }: EnvelopeRecord): void => {
    for (const change of changes) {
      graph.add(envelope, change)
      for (const op of change.ops) ops.add(op)
    }
  }
  for (const record of records) add(record)
  return { graph, ops, add, records: () => readRecords(graph, ops) }
}

/** The index after envelopes were dropped. What builds on a dropped envelope must be dropped too. */
export const indexWithout = (index: DocumentIndex, dropped: ReadonlySet<ItemId>): DocumentIndex =>
  createDocumentIndex(index.records().filter(({ envelope }) => envelope === undefined || !dropped.has(envelope)))

const readRecords = (graph: ChangeGraph, ops: OpTable): EnvelopeRecord[] => {
  const records: { envelope: ItemId | undefined; changes: ChangeRecord[] }[] = []
  for (let number = 0; number < graph.size(); number += 1) {
    const envelope = graph.envelopeOf(number)
    const change = readChange(graph, ops, number)
    const last = records.at(-1)
    if (last !== undefined && envelope !== undefined && last.envelope === envelope) last.changes.push(change)
    else records.push({ envelope, changes: [change] })
  }
  return records
}

const readChange = (graph: ChangeGraph, ops: OpTable, number: number): ChangeRecord => {
  const first = graph.firstRowOf(number)
  return {
    hash: graph.hashOf(number),
    actor: graph.actorOf(number),
    seq: graph.seqOf(number),
    startOp: graph.startOpOf(number),
    maxOp: graph.maxOpOf(number),
    deps: graph.depsOf(number).map(graph.hashOf),
    ops: Array.from({ length: graph.firstRowOf(number + 1) - first }, (_, index) => ops.at(first + index)),
  }
}
