import type { Kysely } from 'kysely'
import type { CatalogStore } from '../../ports/catalog-store.ts'
import { createSqliteCatalogReads } from './sqlite-catalog-reads.ts'
import { createSqliteCatalogWrites } from './sqlite-catalog-writes.ts'
import type { CatalogWriter } from './sqlite-catalog-writer.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqliteCatalogStore = (db: Kysely<Database>, write: CatalogWriter): CatalogStore => ({
  ...createSqliteCatalogReads(db),
  ...createSqliteCatalogWrites(write),
})
