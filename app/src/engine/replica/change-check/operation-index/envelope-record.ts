import { parseItemId } from '@tonestead/protocol/sync/sync-ids'
import { z } from 'zod'
import type { EnvelopeRecord } from './document-index.ts'
import { opIdOf, splitOpId, type ChangeRecord, type OpId, type OpRecord } from './op-record.ts'

// How a record is stored in the journal: JSON with a table of actors, since an actor is 64 characters and stands in every id. About 30 bytes an operation.

const actions = ['set', 'del', 'makeMap', 'makeList', 'makeText'] as const
const places = ['key', 'element', 'insert'] as const
/** `counter:number of the actor`, or `_root`, or `_head`. */
const storedId = z.string().regex(/^(\d+:\d+|_root|_head)$/)
const count = z.int().nonnegative()
/** Action, object, kind of place, key or element, predecessors. */
const storedOp = z.tuple([z.enum(actions), storedId, z.enum(places), z.string(), z.array(storedId)])
const storedRecord = z.strictObject({
  envelope: z.string().transform(parseItemId).optional(),
  actors: z.array(z.string()),
  changes: z.array(
    z.strictObject({
      hash: z.string(),
      actor: count,
      seq: count,
      startOp: count,
      deps: z.array(z.string()),
      ops: z.array(storedOp),
    }),
  ),
})
type StoredOp = z.output<typeof storedOp>

export const writeEnvelopeRecord = ({ envelope, changes }: EnvelopeRecord): string => {
  const numbers = new Map<string, number>()
  const numberOf = (actor: string): number => {
    const known = numbers.get(actor) ?? numbers.size
    numbers.set(actor, known)
    return known
  }
  const idOf = (id: OpId): string => {
    if (id === '_root' || id === '_head') return id
    const { counter, actor } = splitOpId(id)
    return `${counter}:${numberOf(actor)}`
  }
  const stored = changes.map(({ hash, actor, seq, startOp, deps, ops }) => ({
    hash,
    actor: numberOf(actor),
    seq,
    startOp,
    deps,
    ops: ops.map((op) => [op.action, idOf(op.object), op.place.kind, placeTextOf(op.place, idOf), op.preds.map(idOf)]),
  }))
  return JSON.stringify({ envelope, actors: [...numbers.keys()], changes: stored })
}

const placeTextOf = (place: OpRecord['place'], idOf: (id: OpId) => string): string => {
  if (place.kind === 'key') return place.key
  return idOf(place.kind === 'insert' ? place.after : place.element)
}

/** Throws on anything but what `writeEnvelopeRecord` gives. */
export const readEnvelopeRecord = (text: string): EnvelopeRecord => {
  const { envelope, actors, changes } = storedRecord.parse(JSON.parse(text))
  const actorOf = (number: number): string => {
    const actor = actors[number]
    if (actor === undefined) throw new Error('a stored record names an actor that it does not have')
    return actor
  }
  const idOf = (stored: string): OpId => {
    if (stored === '_root' || stored === '_head') return stored
    const [counter, actor] = stored.split(':').map(Number)
    return opIdOf(counter ?? 0, actorOf(actor ?? 0))
  }
  return {
    envelope,
    changes: changes.map(({ actor, ops, ...change }): ChangeRecord => ({
      ...change,
      actor: actorOf(actor),
      maxOp: change.startOp + ops.length - 1,
      ops: ops.map((op) => readOp(op, idOf)),
    })),
  }
}

const readOp = ([action, object, kind, place, preds]: StoredOp, idOf: (stored: string) => OpId): OpRecord => ({
  action,
  object: idOf(object),
  place: readPlace(kind, place, idOf),
  preds: preds.map(idOf),
})

const readPlace = (kind: (typeof places)[number], place: string, idOf: (stored: string) => OpId): OpRecord['place'] => {
  if (kind === 'key') return { kind, key: place }
  const id = idOf(storedId.parse(place))
  return kind === 'insert' ? { kind, after: id } : { kind, element: id }
}
