import type { Kysely } from 'kysely'
import type { SourceStore } from '../../ports/source-store.ts'
import { newSource, resetSource } from './sqlite-source-reconcile.ts'
import type { Database } from './sqlite-schema.ts'

type SourceFiles = Pick<SourceStore, 'add' | 'prefer' | 'retryRefused'>

/** Single source files of the source store: adding, finding, and their order in the queue. */
export const createSqliteSourceFiles = (db: Kysely<Database>): SourceFiles => ({
  add: async (source, at) => {
    const known = await db.selectFrom('sources').select('id').where('path', '=', source.path).executeTakeFirst()
    if (known !== undefined) return known.id
    const row = newSource(source, '', at)
    await db.insertInto('sources').values(row).execute()
    return row.id
  },
  prefer: async (id) => {
    const { latest } = await db
      .selectFrom('sources')
      .select((row) => row.fn.max('preferred_at').as('latest'))
      .executeTakeFirstOrThrow()
    await db
      .updateTable('sources')
      .set({ preferred_at: latest + 1 })
      .where('recording_id', '=', id)
      .where('stage', 'is not', null)
      .execute()
  },
  retryRefused: async () => {
    const { numUpdatedRows } = await db
      .updateTable('sources')
      .set(resetSource)
      .where('refused_code', 'is not', null)
      .where('is_gone', '=', 0)
      .executeTakeFirst()
    return Number(numUpdatedRows)
  },
})
