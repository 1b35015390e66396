import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { createGrowableInts } from './growable-ints.ts'
import { opIdOf, splitOpId, type ChangeRecord, type OpId } from './op-record.ts'

// The accepted changes of a document, numbered from 0 in the order in which they were added. A dependency always has a lower number.
// Operations are numbered too ("rows"): those of a change follow one another, so an id is found without a table of ids.

export type ChangeGraph = ReturnType<typeof createChangeGraph>

export const createChangeGraph = () => {
  const hashes: string[] = []
  const numbers = new Map<string, number>()
  const envelopes: (ItemId | undefined)[] = []
  const actorNames: string[] = []
  const changesOfActor = new Map<string, { readonly actorNumber: number; readonly changes: number[] }>()
  const actors = createGrowableInts()
  const seqs = createGrowableInts()
  const startOps = createGrowableInts()
  /** First row of each change; the last entry is the number of rows. */
  const firstRows = createGrowableInts()
  const depStarts = createGrowableInts()
  const deps = createGrowableInts()
  const heads = new Set<number>()
  firstRows.push(0)
  depStarts.push(0)

  const entryOfActor = (actor: string) => {
    const known = changesOfActor.get(actor)
    if (known !== undefined) return known
    const added = { actorNumber: actorNames.push(actor) - 1, changes: [] }
    changesOfActor.set(actor, added)
    return added
  }
  const add = (envelope: ItemId | undefined, change: ChangeRecord): void => {
    const number = hashes.length
    const depNumbers = change.deps.map((hash) => numbers.get(hash))
    const known = depNumbers.filter((dep) => dep !== undefined)
    if (known.length !== depNumbers.length) throw new Error('a change was indexed before its dependency')
    const { actorNumber, changes } = entryOfActor(change.actor)
    if (change.seq !== changes.length + 1) throw new Error('the changes of an actor were indexed out of order')
    hashes.push(change.hash)
    numbers.set(change.hash, number)
    envelopes.push(envelope)
    changes.push(number)
    actors.push(actorNumber)
    seqs.push(change.seq)
    startOps.push(change.startOp)
    firstRows.push(firstRows.at(number) + change.ops.length)
    for (const dep of known) {
      deps.push(dep)
      heads.delete(dep)
    }
    depStarts.push(deps.length())
    heads.add(number)
  }
  const maxOpOf = (change: number): number => startOps.at(change) + firstRows.at(change + 1) - firstRows.at(change) - 1
  const rowOf = (id: OpId): number | undefined => {
    const { counter, actor } = splitOpId(id)
    const changes = changesOfActor.get(actor)?.changes ?? []
    const change = changes[lastIndexWhere(changes.length, (index) => startOps.at(changes[index] ?? 0) <= counter)]
    if (change === undefined || counter > maxOpOf(change)) return undefined
    return firstRows.at(change) + counter - startOps.at(change)
  }
  const changeOfRow = (row: number): number => lastIndexWhere(hashes.length, (index) => firstRows.at(index) <= row)
  const depsOf = (change: number): number[] => deps.slice(depStarts.at(change), depStarts.at(change + 1))
  return {
    /** Throws when a dependency or an earlier change of the actor is missing. */
    add,
    size: (): number => hashes.length,
    rows: (): number => firstRows.at(hashes.length),
    heads: (): ReadonlySet<number> => heads,
    numberOf: (hash: string): number | undefined => numbers.get(hash),
    envelopeOf: (change: number): ItemId | undefined => envelopes[change],
    depsOf,
    maxOpOf,
    firstRowOf: (change: number): number => firstRows.at(change),
    /** The changes of an actor, by seq − 1. */
    changesOf: (actor: string): readonly number[] => changesOfActor.get(actor)?.changes ?? [],
    rowOf,
    changeOfRow,
    idOf: (row: number): OpId => {
      const change = changeOfRow(row)
      return opIdOf(startOps.at(change) + row - firstRows.at(change), actorNames[actors.at(change)] ?? '')
    },
    /** The change without its operations. */
    headerOf: (change: number): Omit<ChangeRecord, 'ops'> => ({
      hash: hashes[change] ?? '',
      actor: actorNames[actors.at(change)] ?? '',
      seq: seqs.at(change),
      startOp: startOps.at(change),
      maxOp: maxOpOf(change),
      deps: depsOf(change).map((dep) => hashes[dep] ?? ''),
    }),
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
