import type { Bytes } from '@tonestead/protocol/bytes'
import type { Journal, JournalQuery, JournalRows, JournalWrite } from '../../ports/journal.ts'

type Row = { readonly value: Bytes; readonly isDamaged: boolean }
type Rows = Map<string, Row>

/** A journal in memory, for tests and simulations, that can lose what a power cut would lose. */
export type MemoryJournal = Journal & {
  /** Transactions since the last strict one. */
  tail(): number
  /** Ends the process: of the transactions since the last strict one only the first `kept` remain. The writer is superseded. */
  crash(kept: number): void
  /** Alters a stored row; everything is durable then. */
  damage(table: string, scope: string, key: string): void
  /** The next commit fails like a full disk. */
  failNext(): void
}

const rowKey = (scope: string, table: string, key: string): string => `${scope}\n${table}\n${key}`

export const createMemoryJournal = (): MemoryJournal => {
  let durable: Rows = new Map()
  let rows: Rows = new Map()
  let tail: (readonly JournalWrite[])[] = []
  let fence = 0
  let isFailing = false

  return {
    takeOver: () => Promise.resolve((fence += 1)),
    commit: (transaction) => {
      if (transaction.fence !== fence) return Promise.resolve('superseded')
      if (isFailing) {
        isFailing = false
        return Promise.reject(new Error('the disk is full'))
      }
      const writes = transaction.writes.map(copyWrite)
      writes.forEach((write) => writeRow(rows, write))
      tail.push(writes)
      if (transaction.isStrict) {
        for (const earlier of tail) earlier.forEach((write) => writeRow(durable, write))
        tail = []
      }
      return Promise.resolve('committed')
    },
    read: (query) => Promise.resolve(readRows(rows, query)),
    scopes: () => Promise.resolve([...new Set([...rows.keys()].map((key) => key.split('\n')[0] ?? ''))].toSorted()),
    tail: () => tail.length,
    crash: (kept) => {
      for (const writes of tail.slice(0, kept)) writes.forEach((write) => writeRow(durable, write))
      rows = new Map(durable)
      durable = new Map(durable)
      tail = []
      fence += 1
    },
    damage: (table, scope, key) => {
      durable = new Map(rows)
      tail = []
      const row = rows.get(rowKey(scope, table, key))
      if (row === undefined) throw new Error('no such row')
      const damaged = { value: row.value.map((byte) => byte ^ 1), isDamaged: true }
      for (const stored of [rows, durable]) stored.set(rowKey(scope, table, key), damaged)
    },
    failNext: () => void (isFailing = true),
  }
}

const copyWrite = (write: JournalWrite): JournalWrite =>
  write.kind === 'put' ? { ...write, value: write.value.slice() } : write

const writeRow = (rows: Rows, write: JournalWrite): void => {
  const key = rowKey(write.scope, write.table, write.key)
  if (write.kind === 'put') rows.set(key, { value: write.value, isDamaged: false })
  else if (write.kind === 'delete') rows.delete(key)
  else {
    const prefix = rowKey(write.scope, write.table, '')
    for (const other of rows.keys()) if (other.startsWith(prefix) && other >= key) rows.delete(other)
  }
}

const readRows = (rows: Rows, { scope, table, from = '', limit = Infinity }: JournalQuery): JournalRows => {
  const prefix = rowKey(scope, table, '')
  const keys = [...rows.keys()].filter((key) => key.startsWith(prefix) && key >= prefix + from).toSorted()
  const found = keys.slice(0, limit).map((key) => ({ key: key.slice(prefix.length), row: rows.get(key) }))
  return {
    rows: found.flatMap(({ key, row }) =>
      row === undefined || row.isDamaged ? [] : [{ key, value: row.value.slice() }],
    ),
    damaged: found.flatMap(({ key, row }) => (row?.isDamaged === true ? [key] : [])),
  }
}
