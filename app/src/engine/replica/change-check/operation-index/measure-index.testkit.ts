import * as Automerge from '@automerge/automerge'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { changeLimits } from '../change-limits.ts'
import { createChangeCheck } from '../create-change-check.ts'
import { createDocumentIndex, type DocumentIndex } from './document-index.ts'
import { readEnvelopeRecord, writeEnvelopeRecord } from './envelope-record.ts'
import { actorOf, envelopeId, firstDocument, firstIndex, text } from '../honest-history.testkit.ts'

const entries = 10_000
const smallChanges = 50_000

/** Memory of an index, and the slowest case of a check against one: a change that is concurrent with everything. */
export const measureIndex = (cpuMs: () => number): string[] => [measureEntries(cpuMs), ...measureConcurrent(cpuMs)]

/** 10,000 entries of a playlist in changes of 500: 40,000 operations. */
const measureEntries = (cpuMs: () => number): string => {
  let doc = Automerge.clone(firstDocument(), { actor: actorOf('writer') })
  const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })
  const index = firstIndex()
  const stored: string[] = []
  for (let from = 0; from < entries; from += 500) {
    doc = Automerge.change(doc, { time: 0 }, (draft) => {
      for (let number = from; number < from + 500; number += 1) {
        const id = `entry-${String(number).padStart(20, '0')}`
        draft.entries[id] = { at: text(`${id}:intent`), plays: number }
        draft.seq.push(text(`${id}:intent`))
      }
    })
    const verdict = check({
      actor: Automerge.getActorId(doc),
      changes: [Automerge.getLastLocalChange(doc)!],
      index,
      isPast: () => true,
      follows: undefined,
    })
    if (verdict.kind === 'void') throw new Error(`an honest change is void: ${verdict.reason}`)
    const record = { envelope: envelopeId(`entries ${from}`), changes: verdict.changes }
    index.add(record)
    stored.push(writeEnvelopeRecord(record))
  }
  const rows = index.graph.rows()
  const before = heapBytes()
  const start = cpuMs()
  const again = readIndex(stored)
  const tookMs = cpuMs() - start
  const perOp = (heapBytes() - before) / again.graph.rows()
  const storedBytes = stored.reduce((sum, { length }) => sum + length, 0)
  return `Index of ${rows} operations: ${perOp.toFixed(0)} bytes of memory each, ${(storedBytes / rows).toFixed(0)} bytes stored; read from its records in ${tookMs.toFixed(0)} ms of CPU time`
}

/** A function of its own, so that the records can be collected before the memory is measured. */
const readIndex = (stored: readonly string[]): DocumentIndex =>
  createDocumentIndex([...firstIndex().records(), ...stored.map(readEnvelopeRecord)])

/** 50,000 changes of one operation each, all on one key; then a body that follows only the first change. */
const measureConcurrent = (cpuMs: () => number): string[] => {
  const index = firstIndex()
  const [first] = index.records()
  const base = first!.changes[0]!
  const actor = actorOf('busy')
  const heapBefore = heapBytes()
  let last = base.hash
  for (let number = 1; number <= smallChanges; number += 1) {
    const counter = base.maxOp + number
    const hash = actorOf(`change ${number}`)
    const preds = number === 1 ? [] : [`${counter - 1}@${actor}`]
    const op = { action: 'set', object: '_root', place: { kind: 'key', key: 'busy' }, preds } as const
    index.add({
      envelope: undefined,
      changes: [{ hash, actor, seq: number, startOp: counter, maxOp: counter, deps: [last], ops: [op] }],
    })
    last = hash
  }
  const perChange = (heapBytes() - heapBefore) / smallChanges
  const doc = Automerge.change(
    Automerge.clone(firstDocument(), { actor: actorOf('late') }),
    { time: 0 },
    (draft) => void ((draft as unknown as Record<string, number>)['busy'] = 1),
  )
  const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })
  const times = Array.from({ length: 5 }, () => {
    const start = cpuMs()
    const verdict = check({
      actor: actorOf('late'),
      changes: [Automerge.getLastLocalChange(doc)!],
      index,
      isPast: () => true,
      follows: undefined,
    })
    if (verdict.kind === 'void') throw new Error(`an honest change is void: ${verdict.reason}`)
    return cpuMs() - start
  })
  return [
    `Index of ${smallChanges} changes with one operation each: ${perChange.toFixed(0)} bytes of memory each`,
    `A change that is concurrent with all of them: ${Math.max(...times).toFixed(1)} ms of CPU time`,
  ]
}

const heapBytes = (): number => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
