import { setImmediate } from 'node:timers/promises'
import { isAbsolute, relative } from 'node:path'
import type { UnixMs } from '@tonestead/crdt/instant'
import { sql, type Kysely } from 'kysely'
import type { SourceStore } from '../../ports/source-store.ts'
import type { CatalogWriter } from './sqlite-catalog-writer.ts'
import type { ReleaseUpdater } from './sqlite-release-update.ts'
import type { Database, SourceRow } from './sqlite-schema.ts'

export type SourceStoreDeps = {
  readonly db: Kysely<Database>
  readonly write: CatalogWriter
  readonly releases: ReleaseUpdater
}
type Gone = Pick<SourceRow, 'id' | 'release_id'>

/** After this many writes the transaction ends and the thread serves other calls. Each transaction leaves the catalog consistent. */
export const writesAtOnce = 250

/** Files whose tracks are withdrawn for another reason than that a scan did not find them. */
export const createSqliteSourceWithdrawal = (
  deps: SourceStoreDeps,
): Pick<SourceStore, 'keepFolders' | 'withdrawHeld'> => ({
  keepFolders: async (folders, at) => {
    const gone = await sortByFolder(deps, folders)
    await withdrawSources(deps, gone, at)
    await deps.releases.updateStale('all', at)
    return gone.length
  },
  withdrawHeld: async (at) => {
    const held = await deps.db
      .selectFrom('sources')
      .select(['id', 'release_id'])
      .where('absence', 'in', ['held', 'many'])
      .where('is_gone', '=', 0)
      .execute()
    await withdrawSources(deps, held, at)
    return held.length
  },
})

/** Marks files as gone and updates their releases, each batch in one transaction. The rows are kept, so that a file that comes back is known. */
export const withdrawSources = async (
  { write, releases }: SourceStoreDeps,
  rows: readonly Gone[],
  at: UnixMs,
): Promise<void> => {
  for (let start = 0; start < rows.length; start += writesAtOnce) {
    const batch = rows.slice(start, start + writesAtOnce)
    await write(at, async (writing) => {
      const ids = JSON.stringify(batch.map((row) => row.id))
      await sql`
        update sources set is_gone = 1, absence = null, stage = null, lease_owner = null, lease_until = 0
        where id in (select value from json_each(${ids}))`.execute(writing.db)
      await releases.update(
        writing,
        batch.map((row) => row.release_id),
      )
    })
    await setImmediate()
  }
}

/** Gives every file to the innermost of the folders that it is in, and returns the files that are in none. */
const sortByFolder = async ({ db }: SourceStoreDeps, folders: readonly string[]): Promise<readonly Gone[]> => {
  const rows = await db
    .selectFrom('sources')
    .select(['id', 'release_id', 'folder', 'path', 'is_gone'])
    .where('path', 'not like', 'upload:%')
    .execute()
  const innermostFirst = folders.toSorted((a, b) => b.length - a.length)
  const gone: Gone[] = []
  await db.transaction().execute(async (transaction) => {
    for (const row of rows) {
      const folder = innermostFirst.find((candidate) => isInside(candidate, row.path))
      if (folder === undefined && row.is_gone === 0) gone.push(row)
      if (folder === undefined || folder === row.folder) continue
      await transaction.updateTable('sources').set({ folder }).where('id', '=', row.id).execute()
    }
  })
  return gone
}

/** Whether the path is the folder or below it. */
export const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
