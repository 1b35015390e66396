import { existsSync } from 'node:fs'
import { parseChunkId, parseRecordingId } from '@tonestead/crdt/ids'
import type { Kysely } from 'kysely'
import type { ScrubSource, StoredRecording } from '../../ports/scrub-source.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqliteScrubSource = (db: Kysely<Database>): ScrubSource => ({
  recordings: async (after, limit) =>
    withCovers(db, await published(db).where('id', '>', after).orderBy('id').limit(limit).execute()),
  recordingsById: async (ids) =>
    ids.length === 0 ? [] : withCovers(db, await published(db).where('id', 'in', ids).execute()),
  makeAgain: async (id, hasMaster) => {
    const rows = await db
      .selectFrom('sources')
      .select(['id', 'path', 'lease_owner', 'stage'])
      .where('recording_id', '=', id)
      .where('is_gone', '=', 0)
      .orderBy('id')
      .execute()
    // A file on a disk that is not mounted is not queued: its job would be refused, unless there is a master.
    const present = rows.filter((row) => row.path.startsWith('upload:') || existsSync(row.path))
    const sources = present.length === 0 && hasMaster ? rows.slice(0, 1) : present
    const idle = sources.filter((row) => row.lease_owner === null && row.stage !== 'playable').map((row) => row.id)
    if (idle.length > 0)
      await db
        .updateTable('sources')
        .set({ stage: 'playable', attempt: 0, not_before: 0, refused_code: null, refused_detail: null })
        .where('id', 'in', idle)
        .execute()
    return sources.length
  },
})

const published = (db: Kysely<Database>) =>
  db
    .selectFrom('recordings')
    .select(['id', 'head_aac', 'head_flac', 'waveform'])
    .where((row) =>
      row.exists(row.selectFrom('tracks').select('tracks.id').whereRef('tracks.recording_id', '=', 'recordings.id')),
    )

type Row = { id: string; head_aac: Uint8Array; head_flac: Uint8Array | null; waveform: string | null }

const withCovers = async (db: Kysely<Database>, rows: readonly Row[]): Promise<readonly StoredRecording[]> => {
  const covers = await db
    .selectFrom('tracks')
    .innerJoin('releases', 'releases.id', 'tracks.release_id')
    .select(['tracks.recording_id', 'releases.cover_id'])
    .distinct()
    .where(
      'tracks.recording_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute()
  const byRecording = Map.groupBy(covers, (row) => row.recording_id)
  return rows.map((row) => ({
    id: parseRecordingId(row.id),
    heads: { aac: row.head_aac, ...(row.head_flac === null ? {} : { flac: row.head_flac }) },
    waveform: row.waveform === null ? undefined : parseChunkId(row.waveform),
    covers: (byRecording.get(row.id) ?? []).flatMap(({ cover_id: id }) => (id === null ? [] : [parseChunkId(id)])),
  }))
}
