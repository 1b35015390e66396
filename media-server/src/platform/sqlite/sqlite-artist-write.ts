import { sql } from 'kysely'
import { nameSortKey } from './name-sort-key.ts'
import { deleteArtistsWithoutTracks, recountArtists } from './sqlite-catalog-derived.ts'
import type { Writing } from './sqlite-catalog-writer.ts'
import type { ArtistRow } from './sqlite-schema.ts'

type NamedArtist = { readonly id: string; readonly name: string }

/**
 * Updates the artists of a changed release: inserts new ones, counts their tracks, chooses their spelling, and deletes those without a track. New counts
 * are no change in the feed, but another spelling, and becoming visible to everyone or no longer visible, are.
 */
export const updateArtists = async (writing: Writing, concerned: readonly NamedArtist[]): Promise<void> => {
  const names = new Map(concerned.map(({ id, name }) => [id, name]))
  const ids = [...names.keys()]
  const before = await artistRows(writing, ids)
  for (const [id, name] of names) if (!before.has(id)) await insertArtist(writing, { id, name })
  await recountArtists(writing.db, ids)
  await deleteArtistsWithoutTracks(writing.db, ids)
  for (const row of (await artistRows(writing, ids)).values()) await chooseName(writing, row)
  const after = await artistRows(writing, ids)
  for (const id of ids) noteArtist(writing, before.get(id), after.get(id))
}

const artistRows = async (writing: Writing, ids: readonly string[]): Promise<ReadonlyMap<string, ArtistRow>> => {
  const { rows } = await sql<ArtistRow>`
    select * from artists where id in (select value from json_each(${JSON.stringify(ids)}))`.execute(writing.db)
  return new Map(rows.map((row) => [row.id, row]))
}

const insertArtist = async (writing: Writing, { id, name }: NamedArtist): Promise<void> => {
  const counts = { track_count: 0, release_count: 0, public_track_count: 0, public_release_count: 0 }
  await writing.db
    .insertInto('artists')
    .values({ id, name, sort_key: nameSortKey(name), added_at: writing.at, ...counts })
    .execute()
}

type Spelling = { readonly name: string; readonly times: number; readonly public_times: number }

/** The most frequent spelling [CT13]. The first query needs no count: the credits of most artists have one spelling. */
const chooseName = async (writing: Writing, row: ArtistRow): Promise<void> => {
  const { rows: ends } = await sql<{ first: string; last: string }>`
    select min(name) as first, max(name) as last from credits where artist_id = ${row.id}`.execute(writing.db)
  const [end] = ends
  if (end === undefined || (end.first === row.name && end.last === row.name)) return
  const { rows } = await sql<Spelling>`
    select credits.name, count(*) as times, sum(coalesce(tracks.is_public, releases.is_public, 0)) as public_times from credits
    left join tracks on tracks.id = credits.owner left join releases on releases.id = credits.owner
    where artist_id = ${row.id} group by credits.name`.execute(writing.db)
  const name = mostFrequent(rows)
  if (name === undefined || name === row.name) return
  await writing.db
    .updateTable('artists')
    .set({ name, sort_key: nameSortKey(name) })
    .where('id', '=', row.id)
    .execute()
}

const mostFrequent = (spellings: readonly Spelling[]): string | undefined => {
  const isPublic = spellings.some((spelling) => spelling.public_times > 0)
  const timesOf = (spelling: Spelling): number => (isPublic ? spelling.public_times : spelling.times)
  return spellings.toSorted((a, b) => timesOf(b) - timesOf(a) || (a.name < b.name ? -1 : 1))[0]?.name
}

const noteArtist = (writing: Writing, before: ArtistRow | undefined, after: ArtistRow | undefined): void => {
  const id = (after ?? before)?.id
  if (id === undefined) return
  const isPublic = isSeenByAll(before) || isSeenByAll(after)
  if (before === undefined) writing.changes.push({ kind: 'artist', id, change: 'published', isPublic })
  else if (after === undefined) writing.changes.push({ kind: 'artist', id, change: 'withdrawn', isPublic })
  else if (isSeenByAll(before) !== isSeenByAll(after) || before.name !== after.name)
    writing.changes.push({ kind: 'artist', id, change: 'changed', isPublic })
}

const isSeenByAll = (row: ArtistRow | undefined): boolean => row !== undefined && row.public_track_count > 0
