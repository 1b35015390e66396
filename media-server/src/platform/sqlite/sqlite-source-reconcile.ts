import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Insertable, Kysely } from 'kysely'
import type { FolderScan, FoundSource, SourceStore } from '../../ports/source-store.ts'
import { noFacts } from './source-facts-row.ts'
import type { Writing } from './sqlite-catalog-writer.ts'
import { judgeMissing, type Missing } from './sqlite-source-missing.ts'
import { withdrawSources, writesAtOnce, type SourceStoreDeps } from './sqlite-source-withdrawal.ts'
import type { Database, SourceRow } from './sqlite-schema.ts'

type Row = Omit<SourceRow, 'rank'>

export const newSource = (found: FoundSource, folder: string, at: UnixMs): Insertable<Database['sources']> => ({
  ...noFacts,
  ...resetSource,
  ...scannedColumns(found),
  id: randomBytes(16).toString('hex'),
  folder,
  sha256: null,
  track_id: null,
  preferred_at: 0,
  found_at: at,
})

/** The columns that are reset for a changed file. What is known of it stays until the new file was read. */
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

/** What a scan knows of a file. */
const scannedColumns = (found: FoundSource) => ({
  path: found.path,
  name: found.name,
  size_bytes: found.sizeBytes,
  modified_ms: found.modifiedAtMs,
  is_public: found.isPublic ? 1 : 0,
  picture_stamp: found.pictureStamp,
  device: found.device,
  absence: null,
})

/** Size and modification time: files that agree in both count as the same until their hashes differ. */
const stampOf = (sizeBytes: number, modifiedMs: number): string => `${sizeBytes}/${modifiedMs}`

/** Writes what has changed and returns the release that it concerns. */
type Write = (writing: Writing) => Promise<string | null>

export const createSqliteSourceReconcile = (deps: SourceStoreDeps): Pick<SourceStore, 'reconcile'> => ({
  reconcile: async (scan, at) => {
    const known = await rowsAt(deps.db, scan)
    const { writes, missing } = compare(known, scan, at)
    const judged = judgeMissing(missing, { scan, known: [...known.values()] })
    for (const [absence, rows] of judged.absent) writes.push(...rows.map((row) => markAbsent(row, absence)))
    for (let start = 0; start < writes.length; start += writesAtOnce) {
      await writeAll(deps, writes.slice(start, start + writesAtOnce), at)
      await setImmediate()
    }
    await withdrawSources(deps, judged.gone, at)
    return { withdrawn: judged.gone.length, ...judged.counts }
  },
})

const writeAll = ({ write, releases }: SourceStoreDeps, writes: readonly Write[], at: UnixMs): Promise<void> =>
  write(at, async (writing) => {
    const concerned: (string | null)[] = []
    for (const change of writes) concerned.push(await change(writing))
    await releases.update(writing, concerned)
  })

const compare = (known: ReadonlyMap<string, Row>, scan: FolderScan, at: UnixMs) => {
  const present = new Set(scan.found.map((file) => file.path))
  const missing = new Map(
    [...known.values()]
      .filter((row) => !present.has(row.path) && row.folder === scan.folder)
      .map((row) => [row.id, row]),
  )
  const movable = new Map(
    [...missing.values()]
      .filter((row) => row.sha256 !== null)
      .map((row) => [stampOf(row.size_bytes, row.modified_ms), row]),
  )
  const writes: Write[] = []
  for (const file of scan.found) {
    const stamp = stampOf(file.sizeBytes, file.modifiedAtMs)
    const row = known.get(file.path) ?? movable.get(stamp)
    if (row === undefined) writes.push((writing) => insert(writing, newSource(file, scan.folder, at)))
    else if (isOther(row, file, scan.folder))
      writes.push((writing) => refresh(writing, row, { file, folder: scan.folder }))
    if (row === undefined || row.path === file.path) continue
    movable.delete(stamp)
    missing.delete(row.id)
  }
  return { writes, missing: [...missing.values()] satisfies Missing[] }
}

/** The folder's rows by path, and rows of other folders with the same paths. */
const rowsAt = async (db: Kysely<Database>, scan: FolderScan): Promise<ReadonlyMap<string, Row>> => {
  const known = new Map<string, Row>()
  const own = await db.selectFrom('sources').selectAll().where('folder', '=', scan.folder).execute()
  for (const row of own) known.set(row.path, row)
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

const isOther = (row: Row, file: FoundSource, folder: string): boolean =>
  row.folder !== folder ||
  row.device !== file.device ||
  row.is_public !== (file.isPublic ? 1 : 0) ||
  row.absence !== null ||
  mustBeRead(row, file)

/** Whether a job must read the file again. One that only changes its publicness is not read. */
const mustBeRead = (row: Row, file: FoundSource): boolean =>
  row.is_gone === 1 ||
  row.refused_code === 'unreadable' ||
  row.name !== file.name ||
  row.picture_stamp !== file.pictureStamp ||
  hasOtherBytes(row, file)

const hasOtherBytes = (row: Row, file: FoundSource): boolean =>
  row.size_bytes !== file.sizeBytes || row.modified_ms !== file.modifiedAtMs

const insert = async (writing: Writing, row: Insertable<Database['sources']>): Promise<null> => {
  await writing.db.insertInto('sources').values(row).execute()
  return null
}

/** What was known of a file that was gone and comes back with other bytes says nothing about it. */
const refresh = async (
  writing: Writing,
  row: Row,
  { file, folder }: { readonly file: FoundSource; readonly folder: string },
): Promise<string | null> => {
  const isNew = row.is_gone === 1 && hasOtherBytes(row, file)
  await writing.db
    .updateTable('sources')
    .set({
      ...(mustBeRead(row, file) ? resetSource : {}),
      ...(hasOtherBytes(row, file) ? { sha256: null } : {}),
      ...(isNew ? { ...noFacts, track_id: null } : {}),
      ...scannedColumns(file),
      folder,
    })
    .where('id', '=', row.id)
    .execute()
  return row.release_id
}

const markAbsent =
  (row: Missing, absence: string): Write =>
  async (writing) => {
    await writing.db.updateTable('sources').set({ absence }).where('id', '=', row.id).execute()
    return null
  }
