import type { Kysely, Selectable } from 'kysely'
import type { JobOutcome, SourceJob, SourceStore, Stage } from '../../ports/source-store.ts'
import type { Database } from './sqlite-schema.ts'
import { takeTurn } from './sqlite-source-turns.ts'

type Queue = Pick<SourceStore, 'claim' | 'heartbeat' | 'finish' | 'postpone'>

/** The queue part of the source store: jobs and their leases. */
export const createSqliteSourceQueue = (db: Kysely<Database>): Queue => ({
  claim: (lease) => db.transaction().execute((transaction) => claim(transaction, lease)),
  heartbeat: async (job) => {
    const { numUpdatedRows } = await db
      .updateTable('sources')
      .set({ lease_until: job.until, step: job.step })
      .where('id', '=', job.id)
      .where('lease_owner', '=', job.owner)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  finish: async (job, outcome) => {
    const ended = {
      ...outcomeColumns(job.stage, outcome),
      lease_owner: null,
      lease_until: 0,
      step: 'waiting',
      attempt: 0,
      not_before: 0,
    }
    const { numUpdatedRows } = await db
      .updateTable('sources')
      .set(ended)
      .where('id', '=', job.id)
      .where('lease_owner', '=', job.owner)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  postpone: async (job, notBefore) => {
    await db
      .updateTable('sources')
      .set({ lease_owner: null, lease_until: 0, step: 'waiting', not_before: notBefore })
      .where('id', '=', job.id)
      .where('lease_owner', '=', job.owner)
      .execute()
  },
})

const claim = async (
  db: Kysely<Database>,
  lease: { owner: string; until: number; now: number; longest?: number | undefined },
): Promise<SourceJob | undefined> => {
  const next = await takeTurn(db, lease)
  if (next === undefined) return undefined
  const taken = { lease_owner: lease.owner, lease_until: lease.until, attempt: next.attempt + 1, step: 'waiting' }
  await db.updateTable('sources').set(taken).where('id', '=', next.id).execute()
  return asJob({ ...next, ...taken })
}

const asJob = (row: Selectable<Database['sources']>): SourceJob => ({
  id: row.id,
  path: row.path,
  name: row.name,
  sizeBytes: row.size_bytes,
  modifiedAtMs: row.modified_ms,
  isPublic: row.is_public === 1,
  stage: row.stage === 'complete' ? 'complete' : 'playable',
  attempt: row.attempt,
  sha256: row.sha256 ?? undefined,
})

/** After the stage `playable` comes `complete`; a refused file has no next stage. */
const outcomeColumns = (stage: Stage, outcome: JobOutcome) =>
  outcome.kind === 'done'
    ? {
        stage: stage === 'playable' ? 'complete' : null,
        sha256: outcome.sha256,
        recording_id: outcome.recordingId,
        track_id: outcome.trackId,
        refused_code: null,
        refused_detail: null,
      }
    : {
        stage: null,
        refused_code: outcome.code,
        refused_detail: outcome.detail ?? null,
        ...(outcome.sha256 === undefined ? {} : { sha256: outcome.sha256 }),
      }
