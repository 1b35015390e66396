import { sql, type Kysely } from 'kysely'
import type { Database } from './sqlite-schema.ts'

// Derived columns and rows, stored so that lists need no counting.

/** Sets the counts of a release, and whether everyone may see it, from the rows of its tracks. */
export const recountRelease = async (db: Kysely<Database>, id: string): Promise<void> => {
  await sql`
    update releases set (is_public, track_count, duration_ms, public_track_count, public_duration_ms) =
      (select coalesce(max(is_public), 0), count(*), coalesce(sum(recordings.duration_ms), 0), count(*) filter (where is_public = 1),
        coalesce(sum(recordings.duration_ms) filter (where is_public = 1), 0)
      from tracks join recordings on recordings.id = tracks.recording_id where tracks.release_id = releases.id)
    where id = ${id}`.execute(db)
}

/** Rebuilds the rows of one track, or of all tracks of a release. */
export const rebuildAppearances = async (
  db: Kysely<Database>,
  of: { readonly column: 'id' | 'release_id'; readonly value: string },
): Promise<void> => {
  await db
    .deleteFrom('appearances')
    .where('track_id', 'in', db.selectFrom('tracks').select('id').where(of.column, '=', of.value))
    .execute()
  await sql`
    insert or ignore into appearances (artist_id, track_id, release_id, is_public)
    select credits.artist_id, tracks.id, tracks.release_id, tracks.is_public
    from tracks join credits on credits.owner in (tracks.id, tracks.release_id) where ${sql.ref(`tracks.${of.column}`)} = ${of.value}`.execute(
    db,
  )
}

export const recountArtists = async (db: Kysely<Database>, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    await sql`
      update artists set (track_count, release_count, public_track_count, public_release_count) =
        (select count(*), count(distinct release_id), count(*) filter (where is_public = 1), count(distinct iif(is_public = 1, release_id, null)) from appearances where artist_id = artists.id)
      where id = ${id}`.execute(db)
  }
}

/** Deletes those of the artists who have no track any more. */
export const deleteArtistsWithoutTracks = async (db: Kysely<Database>, ids: readonly string[]): Promise<void> => {
  await sql`
    delete from artists where track_count = 0 and id in (select value from json_each(${JSON.stringify(ids)}))`.execute(
    db,
  )
}
