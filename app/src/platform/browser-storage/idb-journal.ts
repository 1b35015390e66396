import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import * as z from 'zod/mini'
import type { Journal, JournalQuery, JournalRows, JournalTransaction, JournalWrite } from '../../ports/journal.ts'
import { crc32 } from './checksum.ts'
import type { JournalDatabase } from './open-journal-database.ts'

const rowSchema = z.object({ bytes: z.instanceof(Uint8Array) as unknown as z.ZodMiniType<Bytes>, sum: z.number() })
// An array sorts after every string, so [scope, table, []] ends the keys of a table.
const end = [] as unknown as string

/** The checksum covers the key, so that a row in another's place is found too. */
const sumOf = ({ scope, table, key }: { scope: string; table: string; key: string }, bytes: Uint8Array): number =>
  crc32(utf8(`${scope}\n${table}\n${key}\n`), bytes)

/** The journal in IndexedDB. */
export const createIdbJournal = (database: JournalDatabase): Journal => ({
  takeOver: async () => {
    const transaction = database.transaction('fence', 'readwrite', { durability: 'strict' })
    const fence = ((await transaction.store.get('fence')) ?? 0) + 1
    await Promise.all([transaction.store.put(fence, 'fence'), transaction.done])
    return fence
  },
  commit: (transaction) => commit(database, transaction),
  read: (query) => read(database, query),
  scopes: async () => {
    const found: string[] = []
    const transaction = database.transaction('rows')
    let cursor = await transaction.store.openKeyCursor()
    while (cursor !== null) {
      const [scope] = cursor.key
      found.push(scope)
      cursor = await cursor.continue([scope, end] as unknown as [string, string, string])
    }
    await transaction.done
    return found
  },
})

const commit = async (
  database: JournalDatabase,
  { fence, writes, isStrict }: JournalTransaction,
): Promise<'committed' | 'superseded'> => {
  const durability = isStrict ? 'strict' : 'relaxed'
  const transaction = database.transaction(['rows', 'fence'], 'readwrite', { durability })
  if ((await transaction.objectStore('fence').get('fence')) !== fence) {
    await transaction.done
    return 'superseded'
  }
  const rows = transaction.objectStore('rows')
  await Promise.all([...writes.map((write) => writeRow(rows, write)), transaction.done])
  return 'committed'
}

type Rows = {
  put(value: { bytes: Uint8Array; sum: number }, key: [string, string, string]): Promise<unknown>
  delete(key: [string, string, string] | IDBKeyRange): Promise<unknown>
}

const writeRow = (rows: Rows, write: JournalWrite): Promise<unknown> => {
  const key: [string, string, string] = [write.scope, write.table, write.key]
  switch (write.kind) {
    case 'put':
      return rows.put({ bytes: write.value, sum: sumOf(write, write.value) }, key)
    case 'delete':
      return rows.delete(key)
    case 'delete-from':
      return rows.delete(IDBKeyRange.bound(key, [write.scope, write.table, end]))
  }
}

const read = async (database: JournalDatabase, query: JournalQuery): Promise<JournalRows> => {
  const { scope, table, from = '', limit } = query
  const range = IDBKeyRange.bound([scope, table, from], [scope, table, end])
  const transaction = database.transaction('rows')
  const [keys, values] = await Promise.all([
    transaction.store.getAllKeys(range, limit),
    transaction.store.getAll(range, limit) as Promise<unknown[]>,
    transaction.done,
  ])
  const all = keys.map(([, , key], index) => {
    const row = rowSchema.safeParse(values[index]).data
    const isWhole = row !== undefined && row.sum === sumOf({ scope, table, key }, row.bytes)
    return { key, value: isWhole ? row.bytes : undefined }
  })
  return {
    rows: all.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }])),
    damaged: all.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
  }
}
