import { parseArtistId, parseChunkId } from '@tonestead/crdt/ids'
import type { ArtistCredit, Cover } from '@tonestead/protocol/catalog'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import {
  playHalfLifeDays,
  type SearchArtist,
  type SearchItem,
  type SearchItemKind,
  type SearchRelease,
  type SearchTrack,
} from '../../ports/search-source.ts'
import type { Database } from './sqlite-schema.ts'

// Reads items for a search index by id. The ids are one JSON parameter, so that one prepared statement serves any number of them.

type Read = { readonly ids: readonly string[]; readonly today: number }
type CoverRow = { cover_id: string | null; cover_color: string | null }
type SharedRow = CoverRow & { id: string; title: string; is_public: number; plays: number }

const idList = (ids: readonly string[]): RawBuilder<unknown> =>
  sql`(select value from json_each(${JSON.stringify(ids)}))`
/** Sum of plays, each weighted by its age. */
const weightedPlays = (today: number): RawBuilder<number> =>
  sql`coalesce(sum(plays.times * pow(0.5, max(0, ${today} - plays.day) * 1.0 / ${playHalfLifeDays})), 0)`

export const readSearchItems = (db: Kysely<Database>, kind: SearchItemKind, read: Read): Promise<SearchItem[]> =>
  readers[kind](db, read)

const readTracks = async (db: Kysely<Database>, { ids, today }: Read): Promise<SearchTrack[]> => {
  const rows = await sql<
    SharedRow & {
      release_id: string
      release_title: string
      year: number | null
      duration_ms: number
      is_lossless: number
    }
  >`
    select tracks.id, tracks.title, tracks.is_public, tracks.release_id, releases.title as release_title, releases.year, releases.cover_id, releases.cover_color,
      recordings.duration_ms, recordings.head_flac is not null as is_lossless, (select ${weightedPlays(today)} from plays where plays.track_id = tracks.id) as plays
    from tracks join releases on releases.id = tracks.release_id join recordings on recordings.id = tracks.recording_id
    where tracks.id in ${idList(ids)}`.execute(db)
  const credits = await creditsOf(db, ids)
  return rows.rows.map((row) => ({
    ...sharedOf('track', row, credits),
    release: { id: row.release_id, title: row.release_title },
    year: row.year ?? undefined,
    durationMs: row.duration_ms,
    isLossless: row.is_lossless === 1,
  }))
}

const readReleases = async (db: Kysely<Database>, { ids, today }: Read): Promise<SearchRelease[]> => {
  const rows = await sql<
    SharedRow & {
      year: number | null
      duration_ms: number
      track_count: number
      lossy_count: number
      public_duration_ms: number
      public_track_count: number
      public_lossy_count: number
      public_plays: number
    }
  >`
    select id, title, is_public, year, cover_id, cover_color, duration_ms, track_count, public_duration_ms, public_track_count,
      (select count(*) from tracks join recordings on recordings.id = tracks.recording_id where tracks.release_id = releases.id and head_flac is null) as lossy_count,
      (select count(*) from tracks join recordings on recordings.id = tracks.recording_id where tracks.release_id = releases.id and head_flac is null and is_public = 1) as public_lossy_count,
      (select ${weightedPlays(today)} from tracks join plays on plays.track_id = tracks.id where tracks.release_id = releases.id) as plays,
      (select ${weightedPlays(today)} from tracks join plays on plays.track_id = tracks.id where tracks.release_id = releases.id and is_public = 1) as public_plays
    from releases where id in ${idList(ids)}`.execute(db)
  const credits = await creditsOf(db, ids)
  return rows.rows.map((row) => ({
    ...sharedOf('release', row, credits),
    year: row.year ?? undefined,
    durationMs: row.duration_ms,
    trackCount: row.track_count,
    isLossless: row.lossy_count === 0,
    inPublic: {
      durationMs: row.public_duration_ms,
      trackCount: row.public_track_count,
      isLossless: row.public_lossy_count === 0,
      plays: row.public_plays,
    },
  }))
}

const readArtists = async (db: Kysely<Database>, { ids, today }: Read): Promise<SearchArtist[]> => {
  const rows = await sql<
    Omit<SharedRow, keyof CoverRow> & {
      track_count: number
      public_track_count: number
      public_plays: number
      cover: string | null
    }
  >`
    select id, name as title, public_track_count > 0 as is_public, track_count, public_track_count,
      (select releases.cover_id || releases.cover_color from appearances join releases on releases.id = appearances.release_id
        where appearances.artist_id = artists.id and cover_id is not null and (artists.public_track_count = 0 or releases.is_public = 1)
        order by releases.year desc, releases.added_at desc limit 1) as cover,
      (select ${weightedPlays(today)} from appearances join plays on plays.track_id = appearances.track_id where appearances.artist_id = artists.id) as plays,
      (select ${weightedPlays(today)} from appearances join plays on plays.track_id = appearances.track_id where appearances.artist_id = artists.id and appearances.is_public = 1) as public_plays
    from artists where id in ${idList(ids)}`.execute(db)
  return rows.rows.map((row) => {
    const [, cover_id = null, cover_color = null] = /^(.*)(#.*)$/.exec(row.cover ?? '') ?? []
    return {
      ...sharedOf('artist', { ...row, cover_id, cover_color }, new Map()),
      trackCount: row.track_count,
      inPublic: { trackCount: row.public_track_count, plays: row.public_plays },
    }
  })
}

const readers = { track: readTracks, release: readReleases, artist: readArtists } as const

const sharedOf = <Kind extends SearchItemKind>(
  kind: Kind,
  row: SharedRow,
  credits: ReadonlyMap<string, ArtistCredit[]>,
) => ({
  kind,
  id: row.id,
  title: row.title,
  credits: credits.get(row.id) ?? [],
  cover: coverOf(row),
  isPublic: row.is_public === 1,
  plays: row.plays,
})

const coverOf = (row: CoverRow): Cover | undefined =>
  row.cover_id === null || row.cover_color === null
    ? undefined
    : { id: parseChunkId(row.cover_id), color: row.cover_color }

const creditsOf = async (
  db: Kysely<Database>,
  owners: readonly string[],
): Promise<ReadonlyMap<string, ArtistCredit[]>> => {
  const { rows } = await sql<{ owner: string; artist_id: string; name: string; joined_by: string }>`
    select owner, artist_id, name, joined_by from credits where owner in ${idList(owners)} order by owner, place`.execute(
    db,
  )
  const byOwner = Map.groupBy(rows, (row) => row.owner)
  return new Map(
    [...byOwner].map(([owner, credits]) => [
      owner,
      credits.map((row) => ({ id: parseArtistId(row.artist_id), name: row.name, join: row.joined_by })),
    ]),
  )
}
