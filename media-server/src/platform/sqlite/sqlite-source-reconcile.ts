import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { FoundSource } from '../../ports/source-store.ts'
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

/** The columns that are reset for a changed file. Its recording and track stay until the new ones are known. */
export const resetSource = {
  stage: 'playable',
  attempt: 0,
  refused_code: null,
  refused_detail: null,
  not_before: 0,
  lease_owner: null,
  lease_until: 0,
  step: 'waiting',
  is_gone: 0,
} as const

/** Size and modification time: files that agree in both count as the same until their hashes differ. */
const stampOf = (sizeBytes: number, modifiedMs: number): string => `${sizeBytes}/${modifiedMs}`

type Scan = { readonly folder: string; readonly found: readonly FoundSource[]; readonly at: UnixMs }
type Write = (db: Kysely<Database>) => Promise<unknown>

/** After this many writes the thread serves other calls. A partly imported folder is no problem: the next scan continues. */
const writesAtOnce = 250

export const reconcileSources = async (db: Kysely<Database>, scan: Scan): Promise<{ gone: readonly TrackId[] }> => {
  const known = await rowsAt(db, scan)
  const present = new Set(scan.found.map((file) => file.path))
  const missing = new Map(
    [...known.values()]
      .filter((row) => !present.has(row.path) && row.folder === scan.folder)
      .map((row) => [row.id, row]),
  )
  const movable = new Map(
    [...missing.values()]
      .filter((row) => row.recording_id !== null)
      .map((row) => [stampOf(row.size_bytes, row.modified_ms), row]),
  )
  const writes: Write[] = []
  for (const file of scan.found) {
    const row = known.get(file.path)
    const moved = row === undefined ? movable.get(stampOf(file.sizeBytes, file.modifiedAtMs)) : undefined
    if (moved !== undefined) {
      movable.delete(stampOf(file.sizeBytes, file.modifiedAtMs))
      missing.delete(moved.id)
      writes.push((within) =>
        within
          .updateTable('sources')
          .set({ path: file.path, name: file.name, ...(moved.is_gone === 1 ? resetSource : {}) })
          .where('id', '=', moved.id)
          .execute(),
      )
    } else if (row === undefined)
      writes.push((within) =>
        within
          .insertInto('sources')
          .values(newSource(file, scan.folder, scan.at))
          .execute(),
      )
    else if (isChanged(row, file)) writes.push((within) => refresh(within, row, file))
  }
  for (let start = 0; start < writes.length; start += writesAtOnce) {
    await writeAll(db, writes.slice(start, start + writesAtOnce))
    await setImmediate()
  }
  return { gone: await db.transaction().execute((transaction) => markGone(transaction, [...missing.values()])) }
}

const writeAll = (db: Kysely<Database>, writes: readonly Write[]): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    for (const write of writes) await write(transaction)
  })

/** The folder's rows by path, and rows of other folders with the same paths. */
const rowsAt = async (db: Kysely<Database>, scan: Scan): Promise<ReadonlyMap<string, Row>> => {
  const known = new Map(
    (await db.selectFrom('sources').selectAll().where('folder', '=', scan.folder).execute()).map((row) => [
      row.path,
      row,
    ]),
  )
  const unknown = scan.found.map((file) => file.path).filter((path) => !known.has(path))
  for (let start = 0; start < unknown.length; start += writesAtOnce) {
    const rows = await db
      .selectFrom('sources')
      .selectAll()
      .where('path', 'in', unknown.slice(start, start + writesAtOnce))
      .execute()
    for (const row of rows) known.set(row.path, row)
  }
  return known
}

const isChanged = (row: Row, file: FoundSource): boolean =>
  row.is_gone === 1 ||
  row.size_bytes !== file.sizeBytes ||
  row.modified_ms !== file.modifiedAtMs ||
  row.is_public !== (file.isPublic ? 1 : 0)

const refresh = async (db: Kysely<Database>, row: Row, file: FoundSource): Promise<void> => {
  const read = {
    name: file.name,
    size_bytes: file.sizeBytes,
    modified_ms: file.modifiedAtMs,
    is_public: file.isPublic ? 1 : 0,
  }
  const hash = row.size_bytes === file.sizeBytes && row.modified_ms === file.modifiedAtMs ? {} : { sha256: null }
  await db
    .updateTable('sources')
    .set({ ...resetSource, ...read, ...hash })
    .where('id', '=', row.id)
    .execute()
}

/** The rows are kept, so that a file that comes back, or appears elsewhere, gets its track again. */
const markGone = async (db: Kysely<Database>, rows: readonly Row[]): Promise<readonly TrackId[]> => {
  const tracks = new Set<string>()
  for (const row of rows) {
    if (row.is_gone === 1) continue
    await db
      .updateTable('sources')
      .set({ is_gone: 1, stage: null, lease_owner: null, lease_until: 0 })
      .where('id', '=', row.id)
      .execute()
    if (row.track_id !== null) tracks.add(row.track_id)
  }
  for (const track of tracks) {
    const other = await db
      .selectFrom('sources')
      .select('id')
      .where('track_id', '=', track)
      .where('is_gone', '=', 0)
      .limit(1)
      .executeTakeFirst()
    if (other !== undefined) tracks.delete(track)
  }
  return [...tracks].map(parseTrackId)
}
