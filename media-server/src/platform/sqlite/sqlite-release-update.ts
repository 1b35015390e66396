import { parseReleaseId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import { sql, type Kysely } from 'kysely'
import type { DerivedTrack, DeriveRelease, PresentSource } from '../../ports/source-facts.ts'
import { factsOf } from './source-facts-row.ts'
import type { CatalogWriter, Writing } from './sqlite-catalog-writer.ts'
import { readReleaseForWriting } from './sqlite-release-read.ts'
import { removeRelease, writeRelease } from './sqlite-release-write.ts'
import type { Database, SourceRow } from './sqlite-schema.ts'

export type ReleaseUpdater = {
  /** Derives these releases from their present sources and writes the difference, in the transaction that has changed the sources [CT14]. */
  readonly update: (writing: Writing, ids: Iterable<string | null>) => Promise<void>
  /**
   * The same for a release to which one new file was added. A large release is not derived for each of its files: it is marked as stale, and derived
   * when it has grown by a sixteenth or by `updateStale`.
   */
  readonly updateGrown: (writing: Writing, id: string) => Promise<void>
  /** Derives stale releases: all of them, or those that have waited for long enough. */
  readonly updateStale: (which: 'all' | 'due', at: UnixMs) => Promise<void>
}

/** A release with fewer tracks than this is derived at once. */
const smallRelease = 32
const growthPart = 16
const staleForMs = 3000

type Waiting = { readonly since: UnixMs; count: number }

export const createReleaseUpdater = (
  { db, write }: { readonly db: Kysely<Database>; readonly write: CatalogWriter },
  derive: DeriveRelease,
): ReleaseUpdater => {
  /** Releases that this process has marked as stale. Others in the table are from a process that was killed. */
  const waiting = new Map<string, Waiting>()
  const update: ReleaseUpdater['update'] = async (writing, ids) => {
    for (const id of new Set(ids)) {
      if (id === null) continue
      await updateRelease(writing, derive, id)
      waiting.delete(id)
    }
  }
  return {
    update,
    updateGrown: async (writing, id) => {
      const release = await writing.db
        .selectFrom('releases')
        .select('track_count')
        .where('id', '=', id)
        .executeTakeFirst()
      const size = release?.track_count ?? 0
      const entry = waiting.get(id) ?? { since: writing.at, count: 0 }
      if (size < smallRelease || (entry.count + 1) * growthPart > size) return update(writing, [id])
      waiting.set(id, { ...entry, count: entry.count + 1 })
      await writing.db
        .insertInto('stale_releases')
        .values({ id })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    updateStale: async (which, at) => {
      const isDue = (id: string): boolean => (waiting.get(id)?.since ?? 0) + staleForMs <= at
      if (which === 'due' && ![...waiting.keys()].some(isDue)) return
      const rows = await db.selectFrom('stale_releases').select('id').execute()
      for (const { id } of rows) if (which === 'all' || isDue(id)) await write(at, (writing) => update(writing, [id]))
    },
  }
}

type Row = SourceRow & { integrated_lufs: number | null; range_lu: number | null; true_peak_dbtp: number | null }

const updateRelease = async (writing: Writing, derive: DeriveRelease, id: string): Promise<void> => {
  const { rows } = await sql<Row>`
    select sources.*, recordings.integrated_lufs, recordings.range_lu, recordings.true_peak_dbtp
    from sources left join recordings on recordings.id = sources.recording_id
    where sources.release_id = ${id} and is_gone = 0`.execute(writing.db)
  const present = rows.flatMap(presentSource)
  const derived = derive(parseReleaseId(id), present)
  const kept = await tracksWithoutFacts(writing, id, rows)
  const release = derived?.release ?? kept?.release
  const tracks = [...(derived?.tracks ?? []), ...(kept?.tracks ?? [])]
  if (release === undefined || tracks.length === 0) await removeRelease(writing, id)
  else await writeRelease(writing, { release, tracks })
  await nameTracks(writing, rows, derived?.tracks ?? [])
  await writing.db.deleteFrom('stale_releases').where('id', '=', id).execute()
}

const presentSource = (row: Row): PresentSource[] => {
  const facts = factsOf(row)
  if (facts === undefined || row.integrated_lufs === null || row.range_lu === null || row.true_peak_dbtp === null)
    return []
  const loudness = {
    integratedLufs: row.integrated_lufs,
    rangeLu: row.range_lu,
    truePeakDbtp: row.true_peak_dbtp,
  }
  return [{ id: row.id, name: row.name, isPublic: row.is_public === 1, facts, loudness }]
}

/** Tracks of sources that were ingested by a version without facts: they stay as they are until the file was read again. */
const tracksWithoutFacts = async (writing: Writing, id: string, rows: readonly Row[]) => {
  const ids = new Set(rows.filter((row) => row.description === null).map((row) => row.track_id))
  if (ids.size === 0) return undefined
  const before = await readReleaseForWriting(writing.db, id)
  return before === undefined
    ? undefined
    : { release: before.release, tracks: before.tracks.filter((track) => ids.has(track.id)) }
}

/** Writes the track of each source. When a source's former track is no longer there, its plays are those of the new one. */
const nameTracks = async (writing: Writing, rows: readonly Row[], tracks: readonly DerivedTrack[]): Promise<void> => {
  const trackOf = new Map(tracks.flatMap((track) => track.sourceIds.map((source) => [source, track.id] as const)))
  for (const row of rows) {
    const track = trackOf.get(row.id)
    if (track === undefined || track === row.track_id) continue
    await writing.db.updateTable('sources').set({ track_id: track }).where('id', '=', row.id).execute()
    if (row.track_id !== null) await movePlays(writing, row.track_id, track)
  }
}

const movePlays = async (writing: Writing, from: string, to: string): Promise<void> => {
  const stays = await writing.db.selectFrom('tracks').select('id').where('id', '=', from).executeTakeFirst()
  if (stays !== undefined) return
  await sql`
    insert into plays (track_id, day, times) select ${to}, day, times from plays where track_id = ${from}
    on conflict (track_id, day) do update set times = times + excluded.times`.execute(writing.db)
  await writing.db.deleteFrom('plays').where('track_id', '=', from).execute()
}
