import type { Kysely, Selectable } from 'kysely'
import type { SourceStore } from '../../ports/source-store.ts'
import type { Database } from './sqlite-schema.ts'

// Fair turns in the queue (start-time fair queueing): the next job is one of the uploader who has used the least. A table row holds what an uploader has
// used; `floor` is what the last one had used when its turn came, and whoever was away goes on from there, so that nobody can save turns up.

type Turns = Pick<SourceStore, 'setUploader' | 'charge'>
type Lease = { readonly now: number; readonly longest?: number | undefined }
type Candidate = { readonly uploader: string; readonly stage: string; readonly usedMs: number }

/** Imports of folders are one uploader. */
const folders = ''
/** No id of an account. */
const floor = '*'
/** Used by every turn, so that many short files count too. */
const turnMs = 60_000

export const createSqliteSourceTurns = (db: Kysely<Database>): Turns => ({
  setUploader: async (path, account) => {
    await db
      .insertInto('source_turns')
      .values({ path, uploader: account, decoded_ms: 0 })
      .onConflict((row) => row.column('path').doUpdateSet({ uploader: account }))
      .execute()
  },
  charge: (id, decodedMs) => db.transaction().execute((transaction) => charge(transaction, id, decodedMs)),
})

const charge = async (db: Kysely<Database>, id: string, decodedMs: number): Promise<void> => {
  const source = await db
    .selectFrom('sources')
    .leftJoin('source_turns', 'source_turns.path', 'sources.path')
    .select(['sources.path', 'source_turns.uploader', 'source_turns.decoded_ms'])
    .where('sources.id', '=', id)
    .executeTakeFirst()
  if (source === undefined) return
  const uploader = source.uploader ?? folders
  const decoded_ms = Math.max(source.decoded_ms ?? 0, decodedMs)
  await db
    .insertInto('source_turns')
    .values({ path: source.path, uploader, decoded_ms })
    .onConflict((row) => row.column('path').doUpdateSet({ decoded_ms }))
    .execute()
  await setUsed(db, uploader, (await usedBy(db, uploader)) + decodedMs)
}

const usedBy = async (db: Kysely<Database>, uploader: string): Promise<number> =>
  (await db.selectFrom('uploader_turns').select('used_ms').where('uploader', '=', uploader).executeTakeFirst())
    ?.used_ms ?? 0

const setUsed = async (db: Kysely<Database>, uploader: string, used_ms: number): Promise<void> => {
  await db
    .insertInto('uploader_turns')
    .values({ uploader, used_ms })
    .onConflict((row) => row.column('uploader').doUpdateSet({ used_ms }))
    .execute()
}

/** The file whose turn it is, and counts the turn. Undefined when none waits. The caller is in a transaction. */
export const takeTurn = async (
  db: Kysely<Database>,
  lease: Lease,
): Promise<Selectable<Database['sources']> | undefined> => {
  const imported = await firstOf(db, lease, folders)
  const candidates: Candidate[] = await uploadersWaiting(db, lease)
  if (imported?.stage !== undefined && imported.stage !== null)
    candidates.push({ uploader: folders, stage: imported.stage, usedMs: await usedBy(db, folders) })
  // 'playable' comes before 'complete'.
  const stage = candidates
    .map((candidate) => candidate.stage)
    .toSorted()
    .at(-1)
  const least = await usedBy(db, floor)
  const [next] = candidates
    .filter((candidate) => candidate.stage === stage)
    .map((candidate) => ({ ...candidate, usedMs: Math.max(candidate.usedMs, least) }))
    .toSorted((a, b) => a.usedMs - b.usedMs || (a.uploader < b.uploader ? -1 : 1))
  if (next === undefined) return undefined
  await setUsed(db, floor, next.usedMs)
  await setUsed(db, next.uploader, next.usedMs + turnMs)
  return next.uploader === folders ? imported : firstOf(db, lease, next.uploader)
}

const waiting = (db: Kysely<Database>, { now, longest }: Lease) => {
  const query = db
    .selectFrom('sources')
    .leftJoin('source_turns', 'source_turns.path', 'sources.path')
    .where('sources.stage', 'is not', null)
    .where('sources.is_gone', '=', 0)
    .where('sources.not_before', '<=', now)
    .where((row) => row.or([row('sources.lease_owner', 'is', null), row('sources.lease_until', '<=', now)]))
  return longest === undefined
    ? query
    : query.where((row) =>
        row.or([row('source_turns.decoded_ms', 'is', null), row('source_turns.decoded_ms', '<=', longest)]),
      )
}

const firstOf = (db: Kysely<Database>, lease: Lease, uploader: string) =>
  waiting(db, lease)
    .selectAll('sources')
    .where((row) =>
      uploader === folders
        ? row.or([row('source_turns.uploader', 'is', null), row('source_turns.uploader', '=', folders)])
        : row('source_turns.uploader', '=', uploader),
    )
    .orderBy('sources.stage', 'desc')
    .orderBy('sources.preferred_at', 'desc')
    .orderBy('sources.name')
    .limit(1)
    .executeTakeFirst()

/** Each account with a file that waits, and the stage of its next one. */
const uploadersWaiting = async (db: Kysely<Database>, lease: Lease): Promise<Candidate[]> => {
  const rows = await waiting(db, lease)
    .leftJoin('uploader_turns', 'uploader_turns.uploader', 'source_turns.uploader')
    .where('sources.folder', '=', '')
    .where('source_turns.uploader', 'is not', null)
    .where('source_turns.uploader', '<>', folders)
    .select((row) => [
      'source_turns.uploader',
      row.fn.max('sources.stage').as('stage'),
      row.fn.max('uploader_turns.used_ms').as('used_ms'),
    ])
    .groupBy('source_turns.uploader')
    .execute()
  return rows.map((row) => ({ uploader: row.uploader ?? folders, stage: row.stage ?? '', usedMs: row.used_ms ?? 0 }))
}
