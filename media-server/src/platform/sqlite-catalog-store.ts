import type { Kysely } from 'kysely'
import type { CatalogStore } from '../ports/catalog-store.ts'
import { createSqliteCatalogReads } from './sqlite-catalog-reads.ts'
import { createSqliteCatalogWrites } from './sqlite-catalog-writes.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqliteCatalogStore = (db: Kysely<Database>): CatalogStore => ({ ...createSqliteCatalogReads(db), ...createSqliteCatalogWrites(db) })
