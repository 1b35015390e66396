import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { createGrowableIntLists, createGrowableInts } from './growable-ints.ts'
import { opIdOf, splitOpId, type ChangeRecord, type OpId } from './op-record.ts'
import { createTextNumbers } from './text-numbers.ts'

// The accepted changes of a document, numbered from 0 in the order in which they were added. A dependency always has a lower number.
// Operations are numbered too ("rows"): those of a change follow one another, so an id is found without a table of ids.

export type ChangeGraph = ReturnType<typeof createChangeGraph>

export const createChangeGraph = () => {
  const hashes = createTextNumbers()
  const actors = createActorTable()
  const envelopes: (ItemId | undefined)[] = []
  const actorNumbers = createGrowableInts()
  const seqs = createGrowableInts()
  const startOps = createGrowableInts()
  /** First row of each change; the last entry is the number of rows. */
  const firstRows = createGrowableInts()
  const deps = createGrowableIntLists()
  const heads = new Set<number>()
  firstRows.push(0)

  const add = (envelope: ItemId | undefined, change: ChangeRecord): void => {
    const known = change.deps.map((hash) => hashes.find(hash)).filter((dep) => dep !== undefined)
    if (known.length !== change.deps.length) throw new Error('a change was indexed before its dependency')
    if (change.seq !== actors.changesOf(change.actor).length + 1)
      throw new Error('the changes of an actor were indexed out of order')
    const number = hashes.numberOf(change.hash)
    envelopes.push(envelope)
    actorNumbers.push(actors.add(change.actor, number))
    seqs.push(change.seq)
    startOps.push(change.startOp)
    firstRows.push(firstRows.at(number) + change.ops.length)
    deps.push(known)
    for (const dep of known) heads.delete(dep)
    heads.add(number)
  }
  const maxOpOf = (change: number): number => startOps.at(change) + firstRows.at(change + 1) - firstRows.at(change) - 1
  const rowOf = (id: OpId): number | undefined => {
    const { counter, actor } = splitOpId(id)
    const changes = actors.changesOf(actor)
    const change = changes[lastIndexWhere(changes.length, (index) => startOps.at(changes[index] ?? 0) <= counter)]
    const isThere = change !== undefined && counter <= maxOpOf(change)
    return isThere ? firstRows.at(change) + counter - startOps.at(change) : undefined
  }
  const changeOfRow = (row: number): number => lastIndexWhere(envelopes.length, (index) => firstRows.at(index) <= row)
  const actorOf = (change: number): string => actors.nameOf(actorNumbers.at(change))
  return {
    /** Throws when a dependency or an earlier change of the actor is missing. */
    add,
    size: (): number => envelopes.length,
    rows: (): number => firstRows.at(envelopes.length),
    heads: (): ReadonlySet<number> => heads,
    numberOf: hashes.find,
    envelopeOf: (change: number): ItemId | undefined => envelopes[change],
    depsOf: deps.at,
    maxOpOf,
    firstRowOf: firstRows.at,
    /** The changes of an actor, by seq − 1. */
    changesOf: actors.changesOf,
    rowOf,
    changeOfRow,
    idOf: (row: number): OpId => {
      const change = changeOfRow(row)
      return opIdOf(startOps.at(change) + row - firstRows.at(change), actorOf(change))
    },
    hashOf: hashes.textOf,
    actorOf,
    seqOf: seqs.at,
    startOpOf: startOps.at,
  }
}

/** The changes of each actor, in order. */
const createActorTable = () => {
  const names = createTextNumbers()
  const changes: number[][] = []
  return {
    changesOf: (actor: string): readonly number[] => changes[names.find(actor) ?? -1] ?? [],
    /** Gives the number of the actor. */
    add: (actor: string, change: number): number => {
      const number = names.numberOf(actor)
      changes[number] ??= []
      changes[number].push(change)
      return number
    },
    nameOf: names.textOf,
  }
}

/** The last index below `length` that fulfils a condition which holds up to some index and not after it; −1 if none. */
const lastIndexWhere = (length: number, holds: (index: number) => boolean): number => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}
