import type { Kysely } from 'kysely'
import type { CatalogStore } from '../../ports/catalog-store.ts'
import { createSqliteCatalogReads } from './sqlite-catalog-reads.ts'
import { createSqliteCatalogWrites } from './sqlite-catalog-writes.ts'
import type { Database } from './sqlite-schema.ts'

/** `onGrown` is called after each commit that made the change feed longer. */
export const createSqliteCatalogStore = (db: Kysely<Database>, onGrown: () => void): CatalogStore => ({
  ...createSqliteCatalogReads(db),
  ...createSqliteCatalogWrites(db, onGrown),
})
