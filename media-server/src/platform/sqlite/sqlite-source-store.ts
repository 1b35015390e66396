import type { Kysely } from 'kysely'
import type { SourceStore } from '../../ports/source-store.ts'
import { createSqliteSourceFiles } from './sqlite-source-files.ts'
import { createSqliteSourceQueue } from './sqlite-source-queue.ts'
import { reconcileSources } from './sqlite-source-reconcile.ts'
import { createSqliteSourceReport } from './sqlite-source-report.ts'
import { createSqliteSourceTurns } from './sqlite-source-turns.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqliteSourceStore = (db: Kysely<Database>): SourceStore => ({
  reconcile: (folder, found, at) => reconcileSources(db, { folder, found, at }),
  ...createSqliteSourceFiles(db),
  ...createSqliteSourceQueue(db),
  ...createSqliteSourceTurns(db),
  ...createSqliteSourceReport(db),
})
