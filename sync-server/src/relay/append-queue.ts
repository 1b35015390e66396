import { keptPlaceOf } from '@tonestead/protocol/sync/log/re-homing'
import type { SignedItem } from '../ports/log-rules.ts'
import type { AppendOutcome, LogHead, LogStore } from '../ports/log-store.ts'

// All appends of a process, in groups: while one group is being made durable, the next one gathers.

const mostItems = 512
const mostBytes = 8 * 1024 * 1024

/** An item with its place, after it is durable. */
export type StoredAppend = { readonly item: SignedItem; readonly seq: number }
/** What a group changed. */
export type Commit = { readonly heads: readonly LogHead[]; readonly placed: readonly StoredAppend[] }

export type AppendQueue = {
  /** Resolves when the item is durable or refused. Rejects when the store fails: then it may or may not be stored. */
  append(item: SignedItem): Promise<AppendOutcome>
  /** Resolves when nothing waits and nothing is being stored. */
  idle(): Promise<void>
  /** Items that wait. */
  waiting(): number
}

type Waiting = {
  readonly item: SignedItem
  readonly resolve: (outcome: AppendOutcome) => void
  readonly reject: (reason: unknown) => void
}

type QueueDeps = {
  readonly store: Pick<LogStore, 'append'>
  /** Runs after each group, before its appends resolve. */
  readonly onCommit: (commit: Commit) => void
  /** Items of the group. */
  readonly onGroup: (items: number) => () => void
}

export const createAppendQueue = (deps: QueueDeps): AppendQueue => {
  const waiting: Waiting[] = []
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    while (waiting.length > 0) await storeGroup(deps, takeGroup(waiting))
    running = undefined
  }
  return {
    append: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        // In a later turn, so that everything that arrived together is one group.
        running ??= Promise.resolve().then(run)
      }),
    idle: async () => {
      while (running !== undefined) await running
    },
    waiting: () => waiting.length,
  }
}

/** A re-homing may cut the log, so it is a group of its own. */
const isAlone = ({ item: { item } }: Waiting): boolean => item.kind === 'membership' && keptPlaceOf(item) !== undefined

const takeGroup = (waiting: Waiting[]): readonly Waiting[] => {
  let bytes = 0
  const end = waiting.findIndex((each, index) => {
    bytes += each.item.bytes.length
    return index > 0 && (index >= mostItems || bytes > mostBytes || isAlone(each))
  })
  const first = waiting[0]
  return waiting.splice(0, first !== undefined && isAlone(first) ? 1 : end < 0 ? waiting.length : end)
}

const storeGroup = async ({ store, onCommit, onGroup }: QueueDeps, group: readonly Waiting[]): Promise<void> => {
  const finish = onGroup(group.length)
  try {
    const { outcomes, heads } = await store.append(group.map(({ item }) => item))
    finish()
    const placed = group.flatMap(({ item }, index) => {
      const outcome = outcomes[index]
      return outcome?.kind === 'placed' ? [{ item, seq: outcome.seq }] : []
    })
    onCommit({ heads, placed })
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) reject(new Error('the store gave no outcome for an item'))
      else resolve(outcome)
    }
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}
