import type { UnixMs } from '@tonestead/crdt/instant'
import type { CatalogChange } from '@tonestead/protocol/catalog'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from './sqlite-schema.ts'

type Change = Pick<CatalogChange, 'kind' | 'id' | 'change'> & { readonly isPublic: boolean }

/** One write: its transaction, and the changes that are appended to the change feed before the commit. */
export type Writing = { readonly db: Transaction<Database>; readonly at: UnixMs; readonly changes: Change[] }

/** Performs work in one transaction and appends its changes to the feed. */
export type CatalogWriter = <Result>(at: UnixMs, work: (writing: Writing) => Promise<Result>) => Promise<Result>

/** `onGrown` is called after each commit that made the change feed longer. */
export const createCatalogWriter =
  (db: Kysely<Database>, onGrown: () => void): CatalogWriter =>
  async (at, work) => {
    const { result, hasGrown } = await db.transaction().execute(async (transaction) => {
      const writing: Writing = { db: transaction, at, changes: [] }
      const done = await work(writing)
      const rows = writing.changes.map(({ isPublic, ...change }) => ({ ...change, at, is_public: isPublic ? 1 : 0 }))
      for (let start = 0; start < rows.length; start += rowsAtOnce)
        await transaction
          .insertInto('changes')
          .values(rows.slice(start, start + rowsAtOnce))
          .execute()
      return { result: done, hasGrown: rows.length > 0 }
    })
    if (hasGrown) onGrown()
    return result
  }

/** SQLite has a limit on the number of parameters. */
const rowsAtOnce = 500
