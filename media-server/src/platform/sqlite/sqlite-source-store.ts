import type { Kysely } from 'kysely'
import type { DeriveRelease } from '../../ports/source-facts.ts'
import type { SourceStore } from '../../ports/source-store.ts'
import type { CatalogWriter } from './sqlite-catalog-writer.ts'
import { createReleaseUpdater } from './sqlite-release-update.ts'
import { createSqliteSourceFiles } from './sqlite-source-files.ts'
import { createSqliteSourceQueue } from './sqlite-source-queue.ts'
import { createSqliteSourceReconcile } from './sqlite-source-reconcile.ts'
import { createSqliteSourceReport } from './sqlite-source-report.ts'
import { createSqliteSourceTurns } from './sqlite-source-turns.ts'
import { createSqliteSourceWithdrawal } from './sqlite-source-withdrawal.ts'
import type { Database } from './sqlite-schema.ts'

/** `write` performs transactions that may change the catalog, which `derive` says. */
export const createSqliteSourceStore = (
  db: Kysely<Database>,
  { write, derive }: { readonly write: CatalogWriter; readonly derive: DeriveRelease },
): SourceStore => {
  const releases = createReleaseUpdater({ db, write }, derive)
  const deps = { db, write, releases }
  return {
    ...createSqliteSourceReconcile(deps),
    ...createSqliteSourceWithdrawal(deps),
    ...createSqliteSourceFiles(db),
    ...createSqliteSourceQueue(deps),
    ...createSqliteSourceTurns(db),
    ...createSqliteSourceReport(db),
  }
}
