import { audienceSchema } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'
import * as z from 'zod/mini'
import type { StoredChanges, StoredDocument, StoredHead, SearchStore } from '../../ports/search-store.ts'
import { relaxed } from './open-database.ts'
import type { SearchDatabase } from './open-search-database.ts'

const headSchema = z.object({
  version: z.number(),
  snapshotVersion: z.number(),
  serverId: z.string(),
  audience: audienceSchema,
  fetchedAtMs: z.number(),
})
const bytesSchema = z.instanceof(Uint8Array) as unknown as z.ZodMiniType<Bytes>
const changesSchema = z.object({ version: z.number(), last: z.number(), items: z.array(z.unknown()) })
const touchedSchema = z.object({ document: z.unknown(), touchedAtMs: z.number(), times: z.number() })

const tables = ['index', 'changes'] as const
const strict = { durability: 'strict' } as const
const parseHead = (row: { readonly value: unknown } | undefined): StoredHead | undefined =>
  headSchema.safeParse(row?.value).data

/** The index in IndexedDB. */
export const createIdbSearchStore = (database: SearchDatabase): SearchStore => ({
  head: async () => parseHead(await database.get('index', 'head')),
  read: async () => {
    const transaction = database.transaction(tables)
    const store = transaction.objectStore('index')
    const [headRow, bytesRow, changes] = await Promise.all([
      store.get('head'),
      store.get('snapshot'),
      transaction.objectStore('changes').getAll(),
    ])
    const [head, bytes] = [parseHead(headRow), bytesSchema.safeParse(bytesRow?.value).data]
    return head === undefined || bytes === undefined
      ? undefined
      : { head, bytes, changes: changes.map((row) => changesSchema.parse(row)) }
  },
  changesAfter: async (version) => {
    const rows = await database.getAll('changes', IDBKeyRange.lowerBound(version, true))
    return rows.map((row) => changesSchema.parse(row))
  },
  replace: ({ bytes, ...about }) =>
    write(database, (before) => ({
      ...about,
      version: (before?.version ?? 0) + 1,
      snapshotVersion: (before?.version ?? 0) + 1,
      bytes,
    })),
  append: (version, changes) => append(database, version, changes),
  compact: async (version, bytes) => {
    const compact = (before: StoredHead | undefined) =>
      before?.version === version ? { ...before, version: version + 1, snapshotVersion: version + 1, bytes } : undefined
    return write(database, compact)
  },
  drop: (version) => drop(database, version),
  touch: (serverId, touched) => touch(database, serverId, touched),
  touched: async (serverId) => {
    const rows = await database.getAllFromIndex(
      'touched',
      'byAge',
      IDBKeyRange.bound([serverId, 0], [serverId, Infinity]),
    )
    return rows.map((row): StoredDocument => touchedSchema.parse(row))
  },
})

type Written = StoredHead & { readonly bytes: Bytes }

/** Replaces the snapshot and its changes. */
async function write(database: SearchDatabase, make: (before: StoredHead | undefined) => Written): Promise<StoredHead>
async function write(
  database: SearchDatabase,
  make: (before: StoredHead | undefined) => Written | undefined,
): Promise<StoredHead | undefined>
async function write(
  database: SearchDatabase,
  make: (before: StoredHead | undefined) => Written | undefined,
): Promise<StoredHead | undefined> {
  const transaction = database.transaction(tables, 'readwrite', strict)
  const store = transaction.objectStore('index')
  const made = make(parseHead(await store.get('head')))
  if (made === undefined) return void (await transaction.done)
  const { bytes, ...head } = made
  await Promise.all([
    store.put({ name: 'snapshot', value: bytes }),
    store.put({ name: 'head', value: head }),
    transaction.objectStore('changes').clear(),
    transaction.done,
  ])
  return head
}

const append = async (
  database: SearchDatabase,
  version: number,
  changes: Omit<StoredChanges, 'version'>,
): Promise<StoredHead | undefined> => {
  const transaction = database.transaction(tables, 'readwrite', strict)
  const store = transaction.objectStore('index')
  const before = parseHead(await store.get('head'))
  if (before?.version !== version) return void (await transaction.done)
  const head = { ...before, version: version + 1 }
  await Promise.all([
    store.put({ name: 'head', value: head }),
    transaction.objectStore('changes').put({ ...changes, version: head.version }),
    transaction.done,
  ])
  return head
}

const drop = async (database: SearchDatabase, version: number): Promise<void> => {
  const transaction = database.transaction(tables, 'readwrite', strict)
  const store = transaction.objectStore('index')
  const head = parseHead(await store.get('head'))
  if (head?.version === version)
    await Promise.all([
      store.put({ name: 'head', value: { ...head, version: version + 1 } }),
      store.delete('snapshot'),
      transaction.objectStore('changes').clear(),
    ])
  await transaction.done
}

const touch = async (
  database: SearchDatabase,
  serverId: string,
  { key, document, atMs, most }: Parameters<SearchStore['touch']>[1],
): Promise<StoredDocument> => {
  const transaction = database.transaction('touched', 'readwrite', relaxed)
  const { store } = transaction
  const before = touchedSchema.safeParse(await store.get([serverId, key])).data
  const used = { document, touchedAtMs: atMs, times: (before?.times ?? 0) + 1 }
  const putting = store.put({ ...used, serverId, key })
  const ofServer = IDBKeyRange.bound([serverId, 0], [serverId, Infinity])
  const index = store.index('byAge')
  const surplus = (await index.count(ofServer)) - most
  const oldest = surplus > 0 ? await index.getAllKeys(ofServer, surplus) : []
  await Promise.all([putting, ...oldest.map((name) => store.delete(name)), transaction.done])
  return used
}
