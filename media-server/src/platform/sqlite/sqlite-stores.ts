import type { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { AccountStore } from '../../ports/account-store.ts'
import type { CatalogStore } from '../../ports/catalog-store.ts'
import type { ContentKeyStore } from '../../ports/content-key-store.ts'
import type { PlayStore } from '../../ports/play-store.ts'
import type { SearchSource } from '../../ports/search-source.ts'
import type { DeriveRelease } from '../../ports/source-facts.ts'
import type { SourceStore } from '../../ports/source-store.ts'
import { createChangeNotifier } from './change-notifier.ts'
import { createNodeSqliteDialect, openSqlite } from './node-sqlite-dialect.ts'
import { createSqliteAccountStore } from './sqlite-account-store.ts'
import { createCatalogWriter } from './sqlite-catalog-writer.ts'
import { createSqliteCatalogStore } from './sqlite-catalog-store.ts'
import { createSqliteContentKeyStore } from './sqlite-content-key-store.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import type { Database } from './sqlite-schema.ts'
import { createSqlitePlayStore } from './sqlite-play-store.ts'
import { createSqliteSearchSource } from './sqlite-search-source.ts'
import { createSqliteSourceStore } from './sqlite-source-store.ts'

export type Stores = {
  readonly catalog: CatalogStore
  readonly sources: SourceStore
  readonly contentKeys: ContentKeyStore
  readonly accounts: AccountStore
  readonly plays: PlayStore
  readonly search: SearchSource
}

export type StoreOptions = { readonly instanceKey: Uint8Array; readonly at: number; readonly derive: DeriveRelease }
export type OpenStores = Stores & { readonly close: () => Promise<void> }

/** All stores over one database file, in this thread. The media server uses them through `openDatabaseThread`. */
export const openSqliteStores = (options: StoreOptions & { readonly path: string }): OpenStores =>
  createSqliteStores(openSqlite(options.path), options)

/** Creates all stores. They own the database from now on: `close` closes it. `derive` makes the catalog from source files. */
export const createSqliteStores = (database: DatabaseSync, { instanceKey, at, derive }: StoreOptions): OpenStores => {
  migrateSqlite(database, at)
  const db = new Kysely<Database>({ dialect: createNodeSqliteDialect(database) })
  const feedGrowth = createChangeNotifier()
  const write = createCatalogWriter(db, feedGrowth.notify)
  return {
    catalog: createSqliteCatalogStore(db, write),
    plays: createSqlitePlayStore(db),
    search: createSqliteSearchSource(db, feedGrowth),
    sources: createSqliteSourceStore(db, { write, derive }),
    contentKeys: createSqliteContentKeyStore(db, instanceKey),
    accounts: createSqliteAccountStore(db),
    close: () => db.destroy(),
  }
}
