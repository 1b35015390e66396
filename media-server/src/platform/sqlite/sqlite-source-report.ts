import { ingestStepSchema, refusalCodeSchema, refusals, type IngestItem } from '@tonestead/protocol/ingest'
import { ProblemError } from '@tonestead/protocol/problem'
import { sql, type Kysely } from 'kysely'
import { z } from 'zod'
import type { SourceStore } from '../../ports/source-store.ts'
import type { Database } from './sqlite-schema.ts'

type Report = Pick<SourceStore, 'summary' | 'item' | 'items'>
type Row = Pick<
  Database['sources'],
  'id' | 'name' | 'step' | 'refused_code' | 'refused_detail' | 'recording_id' | 'track_id' | 'stage'
> & { rank: number }

const cursorSchema = z.tuple([z.number().int(), z.string(), z.string()])

export const createSqliteSourceReport = (db: Kysely<Database>): Report => ({
  summary: async () => {
    const counted = await sql<Awaited<ReturnType<Report['summary']>>>`
      select count(*) filter (where is_gone = 0) as found, count(*) filter (where is_gone = 0 and rank = 2) as waiting, count(*) filter (where is_gone = 0 and rank = 1) as working,
        count(*) filter (where is_gone = 0 and recording_id is not null and refused_code is null) as playable,
        count(*) filter (where is_gone = 0 and recording_id is not null and stage is null and refused_code is null) as complete,
        count(*) filter (where is_gone = 0 and rank = 0) as refused, count(*) filter (where is_gone = 1) as withdrawn,
        count(*) filter (where is_gone = 0 and absence = 'unreachable') as unreachable, count(*) filter (where is_gone = 0 and absence in ('held', 'many')) as held
      from sources`.execute(db)
    const [row] = counted.rows
    if (row === undefined) throw new Error('the count returned no row')
    return { ...row }
  },
  item: async (id) => {
    const row = await db
      .selectFrom('sources')
      .select(['id', 'name', 'step', 'refused_code', 'refused_detail', 'recording_id', 'track_id', 'stage', 'rank'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row === undefined ? undefined : asItem(row)
  },
  items: async ({ cursor, limit }) => {
    const after = cursor === undefined ? sql`true` : sql`(rank, name, id) > (${sql.join(readCursor(cursor))})`
    const read = await sql<Row>`
      select id, name, step, refused_code, refused_detail, recording_id, track_id, stage, rank from sources
      where is_gone = 0 and ${after} order by rank, name, id limit ${limit + 1}`.execute(db)
    const shown = read.rows.slice(0, limit)
    const last = read.rows.length > limit ? shown.at(-1) : undefined
    return {
      items: shown.map(asItem),
      ...(last === undefined
        ? {}
        : { next: Buffer.from(JSON.stringify([last.rank, last.name, last.id])).toString('base64url') }),
    }
  },
})

const asItem = (row: Row): IngestItem => ({ id: row.id, name: row.name, state: stateOf(row) })

const stateOf = (row: Row): IngestItem['state'] => {
  if (row.refused_code !== null) {
    const code = refusalCodeSchema.parse(row.refused_code)
    return {
      kind: 'refused',
      code,
      ...refusals[code],
      ...(row.refused_detail === null ? {} : { detail: row.refused_detail }),
    }
  }
  if (row.rank === 3 && row.track_id !== null)
    return { kind: 'published', track: row.track_id, isComplete: row.stage === null }
  return { kind: 'working', step: ingestStepSchema.parse(row.step) }
}

const readCursor = (cursor: string): z.infer<typeof cursorSchema> => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    throw new ProblemError('invalid-request', 'This is no cursor of this server. Start the list again.', {
      cause: error,
    })
  }
}
