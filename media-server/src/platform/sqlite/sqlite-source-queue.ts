import type { UnixMs } from '@tonestead/crdt/instant'
import type { Kysely, Selectable } from 'kysely'
import type { IngestedSource, JobOutcome, SourceJob, SourceStore, Stage } from '../../ports/source-store.ts'
import { factColumns, noFacts } from './source-facts-row.ts'
import type { Writing } from './sqlite-catalog-writer.ts'
import { writeRecording } from './sqlite-release-write.ts'
import type { Database, SourceRow } from './sqlite-schema.ts'
import type { SourceStoreDeps } from './sqlite-source-withdrawal.ts'
import { takeTurn } from './sqlite-source-turns.ts'

type Queue = Pick<SourceStore, 'claim' | 'heartbeat' | 'finish' | 'postpone'>
type EndedJob = { readonly id: string; readonly owner: string; readonly stage: Stage }

/** The queue part of the source store: jobs and their leases. */
export const createSqliteSourceQueue = (deps: SourceStoreDeps): Queue => ({
  claim: async (lease) => {
    const job = await deps.db.transaction().execute((transaction) => claim(transaction, lease))
    await deps.releases.updateStale(job?.stage === 'playable' ? 'due' : 'all', lease.now)
    return job
  },
  heartbeat: async (job) => {
    const { numUpdatedRows } = await deps.db
      .updateTable('sources')
      .set({ lease_until: job.until, step: job.step })
      .where('id', '=', job.id)
      .where('lease_owner', '=', job.owner)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  finish: (job, outcome, at) => deps.write(at, (writing) => finish(deps, writing, { job, outcome, at })),
  postpone: async (job, notBefore) => {
    await deps.db
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
  pictureStamp: row.picture_stamp,
  device: row.device ?? 0,
  stage: row.stage === 'complete' ? 'complete' : 'playable',
  attempt: row.attempt,
  sha256: row.sha256 ?? undefined,
})

const endedJob = {
  lease_owner: null,
  lease_until: 0,
  step: 'waiting',
  attempt: 0,
  not_before: 0,
  refused_code: null,
  refused_detail: null,
} as const

type Ending = { readonly job: EndedJob; readonly outcome: JobOutcome; readonly at: UnixMs }

/** Ends a job and updates the catalog in one transaction: the release that the file was on, and the one it is on now. */
const finish = async ({ releases }: SourceStoreDeps, writing: Writing, { job, outcome }: Ending): Promise<boolean> => {
  const before = await writing.db
    .selectFrom('sources')
    .selectAll()
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.owner)
    .executeTakeFirst()
  if (before === undefined) return false
  if (outcome.kind === 'repaired') {
    await writeRecording(writing, outcome.made)
    await write(writing, job.id, { ...endedJob, stage: 'complete' })
  }
  if (outcome.kind === 'complete') await write(writing, job.id, { ...endedJob, stage: null })
  if (outcome.kind === 'refused') {
    const known = mayStay(outcome) ? {} : { ...noFacts, track_id: null }
    await write(writing, job.id, { ...endedJob, ...known, ...refusedColumns(outcome) })
    await releases.update(writing, [before.release_id])
  }
  if (outcome.kind !== 'playable') return true
  await writeIngested(writing, job.id, outcome)
  if (before.release_id === null) await releases.updateGrown(writing, outcome.facts.releaseId)
  else await releases.update(writing, [before.release_id, outcome.facts.releaseId])
  return true
}

/** A recording that exists is not replaced by one that was made at the same time: a later stage may have added renditions. One whose objects were lost is. */
const writeIngested = async (writing: Writing, id: string, ingested: IngestedSource): Promise<void> => {
  const { sha256, facts, made, isMadeAgain = false } = ingested
  const existing = await writing.db
    .selectFrom('recordings')
    .select('id')
    .where('id', '=', facts.recordingId)
    .executeTakeFirst()
  if (existing === undefined || isMadeAgain) {
    if (made === undefined) throw new Error('a file without its recording')
    await writeRecording(writing, made)
  }
  await write(writing, id, { ...endedJob, ...factColumns(facts), sha256, stage: 'complete' })
}

const write = async (writing: Writing, id: string, columns: Partial<Omit<SourceRow, 'rank'>>): Promise<void> => {
  await writing.db.updateTable('sources').set(columns).where('id', '=', id).execute()
}

type Refusal = Extract<JobOutcome, { kind: 'refused' }>

/** After a failure that says nothing about the content, such as a missing disk, what is known of the file stays. */
const mayStay = ({ code }: Refusal): boolean =>
  code === 'unreadable' || code === 'tools-failed' || code === 'storage-full'

const refusedColumns = (outcome: Refusal) => ({
  stage: null,
  refused_code: outcome.code,
  refused_detail: outcome.detail ?? null,
  ...(outcome.sha256 === undefined ? {} : { sha256: outcome.sha256 }),
})
