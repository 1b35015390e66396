import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { Kysely } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { accountStoreContract } from '../../ports/account-store.contract.ts'
import { catalogStoreContract } from '../../ports/catalog-store.contract.ts'
import { contentKeyStoreContract } from '../../ports/content-key-store.contract.ts'
import { foundSource, scanOf } from '../../ports/ingested-source.testkit.ts'
import { randomRecordingId } from '../../ports/publication.testkit.ts'
import { scrubSourceContract } from '../../ports/scrub-source.contract.ts'
import { searchSourceContract } from '../../ports/search-source.contract.ts'
import { sourceStoreContract } from '../../ports/source-store.contract.ts'
import { createCatalogWriter } from './sqlite-catalog-writer.ts'
import { sourceTurnsContract } from '../../ports/source-turns.contract.ts'
import { createNodeSqliteDialect, openSqlite } from './node-sqlite-dialect.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import type { Database } from './sqlite-schema.ts'
import { createSqliteSourceStore } from './sqlite-source-store.ts'
import { openDatabaseThread } from '../../database-thread.client.ts'

const root = await mkdtemp(join(tmpdir(), 'tonestead-sqlite-'))
const opened: { close: () => Promise<void> }[] = []
const instanceKey = new Uint8Array(randomBytes(32))
const idSecret = new Uint8Array(32).fill(1)
let count = 0
const open = async (path = join(root, `${(count += 1)}.sqlite`)) => {
  const stores = await openDatabaseThread({ path, instanceKey, idSecret, at: 1 })
  opened.push(stores)
  return stores
}
afterAll(async () => {
  for (const stores of opened) await stores.close()
  await rm(root, { recursive: true, force: true })
})

describe('the catalog in SQLite, in its thread', () => {
  catalogStoreContract(async () => (await open()).catalog)
})
describe('the search source in SQLite, in its thread', () => {
  searchSourceContract(open)
})
describe('the scrub source in SQLite, in its thread', () => {
  scrubSourceContract(open)
})
describe('the source store in SQLite, in its thread', () => {
  sourceStoreContract(open)
  sourceTurnsContract(async () => (await open()).sources)
})
describe('content keys in SQLite, in their thread', () => {
  contentKeyStoreContract(async () => (await open()).contentKeys)

  it('are not readable in the file, and can be read after a restart only with the same instance key', async () => {
    const path = join(root, 'keys.sqlite')
    const first = await open(path)
    const id = randomRecordingId()
    const { key } = await first.contentKeys.currentOrNew(id)
    await first.close()
    expect((await readFile(path)).includes(Buffer.from(key))).toBe(false)
    const second = await open(path)
    expect(await second.contentKeys.get(id, 1)).toEqual({ version: 1, key })
    await second.close()
    const other = await openDatabaseThread({ path, instanceKey: new Uint8Array(32), idSecret, at: 1 })
    await expect(other.contentKeys.get(id, 1)).rejects.toThrow()
    await other.close()
  })
})
describe('accounts in SQLite, in their thread', () => {
  accountStoreContract(async () => (await open()).accounts)
})

describe('the database thread', () => {
  it('reports a full disk, and works again when there is room', async () => {
    const database = openSqlite(join(root, 'full.sqlite'))
    migrateSqlite(database, 1)
    const db = new Kysely<Database>({ dialect: createNodeSqliteDialect(database) })
    const write = createCatalogWriter(db, () => undefined)
    const sources = createSqliteSourceStore(db, { write, derive: () => undefined })
    database.exec(`PRAGMA max_page_count = ${Number(database.prepare('PRAGMA page_count').get()?.['page_count']) + 4}`)
    const files = Array.from({ length: 400 }, (_, index) => foundSource(`${index}`, { modifiedAtMs: index }))
    await expect(sources.reconcile(scanOf(files), parseUnixMs(1))).rejects.toMatchObject({ code: 'storage-full' })
    expect((await sources.summary()).found).toBe(0)
    database.exec('PRAGMA max_page_count = 100000')
    await sources.reconcile(scanOf(files), parseUnixMs(2))
    expect((await sources.summary()).found).toBe(400)
    await db.destroy()
  })

  it('refuses the data of a newer program with a readable message', async () => {
    const path = join(root, 'newer.sqlite')
    await (await open(path)).close()
    const database = openSqlite(path)
    database.exec('INSERT INTO migrations VALUES (999, 1)')
    database.close()
    await expect(openDatabaseThread({ path, instanceKey, idSecret, at: 1 })).rejects.toThrow(/newer Tonestead/)
  })

  it('rejects calls after it was closed', async () => {
    const stores = await open()
    await stores.close()
    await expect(stores.accounts.isClaimed()).rejects.toThrow('the database is closed')
  })
})
