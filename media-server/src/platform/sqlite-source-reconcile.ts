import { randomBytes } from 'node:crypto'
import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { FoundSource } from '../ports/source-store.ts'
import type { Database } from './sqlite-schema.ts'

type Row = Selectable<Database['sources']>

export const newSource = (found: FoundSource, folder: string, at: UnixMs): Insertable<Database['sources']> => ({
  id: randomBytes(16).toString('hex'),
  folder,
  path: found.path,
  name: found.name,
  size_bytes: found.sizeBytes,
  modified_ms: found.modifiedAtMs,
  is_public: found.isPublic ? 1 : 0,
  is_gone: 0,
  stage: 'playable',
  attempt: 0,
  sha256: null,
  recording_id: null,
  track_id: null,
  lease_owner: null,
  lease_until: 0,
  step: 'waiting',
  refused_code: null,
  refused_detail: null,
  not_before: 0,
  preferred_at: 0,
  found_at: at,
})

/** What a file that is other than before forgets; its recording and track stay until the new ones are known. */
export const begunAnew = { stage: 'playable', attempt: 0, refused_code: null, refused_detail: null, not_before: 0, lease_owner: null, lease_until: 0, step: 'waiting', is_gone: 0 } as const

/** Size and time of change: files that agree in both are taken for the same until their hashes say otherwise. */
const stampOf = (sizeBytes: number, modifiedMs: number): string => `${sizeBytes}/${modifiedMs}`

export const reconcileSources = async (db: Kysely<Database>, scan: { folder: string; found: readonly FoundSource[]; at: UnixMs }): Promise<{ gone: readonly TrackId[] }> => {
  const paths = scan.found.map((file) => file.path)
  const known = new Map((await rowsAt(db, scan.folder, paths)).map((row) => [row.path, row]))
  const present = new Set(paths)
  const missing = [...known.values()].filter((row) => !present.has(row.path) && row.folder === scan.folder)
  const movable = new Map(missing.filter((row) => row.recording_id !== null).map((row) => [stampOf(row.size_bytes, row.modified_ms), row]))
  for (const file of scan.found) {
    const row = known.get(file.path)
    if (row !== undefined) {
      await refresh(db, row, file)
      continue
    }
    const moved = movable.get(stampOf(file.sizeBytes, file.modifiedAtMs))
    if (moved === undefined) await db.insertInto('sources').values(newSource(file, scan.folder, scan.at)).execute()
    else await db.updateTable('sources').set({ path: file.path, name: file.name, ...(moved.is_gone === 1 ? begunAnew : {}) }).where('id', '=', moved.id).execute()
    if (moved !== undefined) movable.delete(stampOf(file.sizeBytes, file.modifiedAtMs))
    if (moved !== undefined) missing.splice(missing.indexOf(moved), 1)
  }
  return { gone: await markGone(db, missing) }
}

const rowsAt = async (db: Kysely<Database>, folder: string, paths: readonly string[]): Promise<Row[]> => {
  const inFolder = await db.selectFrom('sources').selectAll().where('folder', '=', folder).execute()
  const seen = new Set(inFolder.map((row) => row.path))
  const elsewhere: Row[] = []
  for (const path of paths) {
    if (seen.has(path)) continue
    const row = await db.selectFrom('sources').selectAll().where('path', '=', path).executeTakeFirst()
    if (row !== undefined) elsewhere.push(row)
  }
  return [...inFolder, ...elsewhere]
}

const refresh = async (db: Kysely<Database>, row: Row, file: FoundSource): Promise<void> => {
  const isSame = row.size_bytes === file.sizeBytes && row.modified_ms === file.modifiedAtMs && row.is_public === (file.isPublic ? 1 : 0)
  if (isSame && row.is_gone === 0) return
  const read = { name: file.name, size_bytes: file.sizeBytes, modified_ms: file.modifiedAtMs, is_public: file.isPublic ? 1 : 0 }
  const hash = row.size_bytes === file.sizeBytes && row.modified_ms === file.modifiedAtMs ? {} : { sha256: null }
  await db.updateTable('sources').set({ ...begunAnew, ...read, ...hash }).where('id', '=', row.id).execute()
}

/** Rows stay, so that a file which comes back or turns up elsewhere finds its track again. */
const markGone = async (db: Kysely<Database>, rows: readonly Row[]): Promise<readonly TrackId[]> => {
  const tracks = new Set<string>()
  for (const row of rows) {
    if (row.is_gone === 1) continue
    await db.updateTable('sources').set({ is_gone: 1, stage: null, lease_owner: null, lease_until: 0 }).where('id', '=', row.id).execute()
    if (row.track_id !== null) tracks.add(row.track_id)
  }
  for (const track of tracks) {
    const other = await db.selectFrom('sources').select('id').where('track_id', '=', track).where('is_gone', '=', 0).limit(1).executeTakeFirst()
    if (other !== undefined) tracks.delete(track)
  }
  return [...tracks].map(parseTrackId)
}
