import type { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { AccountStore } from '../../ports/account-store.ts'
import type { CatalogStore } from '../../ports/catalog-store.ts'
import type { ContentKeyStore } from '../../ports/content-key-store.ts'
import type { PlayStore } from '../../ports/play-store.ts'
import type { ScrubSource } from '../../ports/scrub-source.ts'
import type { SearchSource } from '../../ports/search-source.ts'
import type { DeriveRelease } from '../../ports/source-facts.ts'
import type { SourceStore } from '../../ports/source-store.ts'
import { createChangeNotifier } from './change-notifier.ts'
import { createNodeSqliteDialect, openSqlite } from './node-sqlite-dialect.ts'
import { createSqliteAccountStore } from './sqlite-account-store.ts'
import { createCatalogWriter } from './sqlite-catalog-writer.ts'
import { createSqliteCatalogStore } from './sqlite-catalog-store.ts'
import { createSqliteContentKeyStore } from './sqlite-content-key-store.ts'
import { keepMarks, type InstallationMarks } from './sqlite-file-check.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import type { Database } from './sqlite-schema.ts'
import { createSqlitePlayStore } from './sqlite-play-store.ts'
import { createSqliteScrubSource } from './sqlite-scrub-source.ts'
import { createSqliteSearchSource } from './sqlite-search-source.ts'
import { createSqliteSourceStore } from './sqlite-source-store.ts'

export type Stores = {
  readonly catalog: CatalogStore
  readonly sources: SourceStore
  readonly contentKeys: ContentKeyStore
  readonly accounts: AccountStore
  readonly plays: PlayStore
  readonly search: SearchSource
  readonly scrub: ScrubSource
}

export type StoreOptions = {
  readonly instanceKey: Uint8Array
  readonly marks?: InstallationMarks | undefined
  readonly at: number
  readonly derive: DeriveRelease
}
export type OpenStores = Stores & { readonly close: () => Promise<void> }

/** All stores over one database file, in this thread. The media server uses them through `openDatabaseThread`. */
export const openSqliteStores = (options: StoreOptions & { readonly path: string }): OpenStores =>
  createSqliteStores(openSqlite(options.path), options)

/** Creates all stores. They own the database from now on: `close` closes it. `derive` makes the catalog from source files. */
export const createSqliteStores = (
  database: DatabaseSync,
  { instanceKey, marks, at, derive }: StoreOptions,
): OpenStores => {
  migrateSqlite(database, at)
  keepMarks(database, marks ?? {})
  const db = new Kysely<Database>({ dialect: createNodeSqliteDialect(database) })
  const feedGrowth = createChangeNotifier()
  const write = createCatalogWriter(db, feedGrowth.notify)
  return {
    catalog: createSqliteCatalogStore(db, write),
    plays: createSqlitePlayStore(db),
    search: createSqliteSearchSource(db, feedGrowth),
    scrub: createSqliteScrubSource(db),
    sources: createSqliteSourceStore(db, { write, derive }),
    contentKeys: createSqliteContentKeyStore(db, instanceKey),
    accounts: createSqliteAccountStore(db),
    close: () => db.destroy(),
  }
}
