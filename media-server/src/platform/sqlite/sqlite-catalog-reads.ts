import type { ChangePage, Page } from '@tonestead/protocol/catalog'
import { catalogChangeSchema } from '@tonestead/protocol/catalog'
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import type { Audience } from '@tonestead/protocol/audience'
import type { CatalogStore } from '../../ports/catalog-store.ts'
import { asRecording, withoutUndefined, readArtists, readReleases, readTracks } from './sqlite-catalog-items.ts'
import { listIds } from './sqlite-list-page.ts'
import type { Database } from './sqlite-schema.ts'

/** The most releases and tracks in one response about an artist. */
const maxArtistReleases = 500
const maxArtistTracks = 200

type Reads = Pick<
  CatalogStore,
  | 'releases'
  | 'release'
  | 'artists'
  | 'artist'
  | 'tracks'
  | 'track'
  | 'tracksById'
  | 'changes'
  | 'recording'
  | 'madeRecording'
>

export const createSqliteCatalogReads = (db: Kysely<Database>): Reads => ({
  releases: async (query, audience) => {
    const page = await listIds(db, { table: 'releases', visible: visibleTo(audience), query })
    return asPage(page, await readReleases(db, page.ids, audience))
  },
  tracks: async (query, audience) => {
    const page = await listIds(db, { table: 'tracks', visible: visibleTo(audience), query })
    return asPage(page, await readTracks(db, page.ids))
  },
  artists: async (query, audience) => {
    const visible = audience === 'everyone' ? sql<SqlBool>`public_track_count > 0` : sql<SqlBool>`true`
    const page = await listIds(db, { table: 'artists', visible, query })
    return asPage(page, await readArtists(db, page.ids, audience === 'everyone'))
  },
  release: (id, audience) => readRelease(db, id, audience),
  artist: (id, audience) => readArtist(db, id, audience),
  track: async (id, audience) => {
    const row = await db
      .selectFrom('tracks')
      .select('id')
      .where('id', '=', id)
      .where(visibleTo(audience))
      .executeTakeFirst()
    return row === undefined ? undefined : (await readTracks(db, [row.id]))[0]
  },
  tracksById: async (ids, audience) => {
    const rows =
      ids.length === 0
        ? []
        : await db.selectFrom('tracks').select('id').where('id', 'in', ids).where(visibleTo(audience)).execute()
    const visible = new Set(rows.map((row) => row.id))
    return readTracks(
      db,
      ids.filter((id) => visible.has(id)),
    )
  },
  changes: (query, audience) => readChanges(db, query, audience),
  recording: async (id, audience) => {
    const heard = db
      .selectFrom('tracks')
      .select('recording_id')
      .where('recording_id', '=', id)
      .where(visibleTo(audience))
    const row = await db.selectFrom('recordings').selectAll().where('id', 'in', heard).executeTakeFirst()
    return row === undefined ? undefined : asRecording(row)
  },
  madeRecording: async (id) => {
    const row = await db.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? undefined : asRecording(row)
  },
})

const visibleTo = (audience: Audience): RawBuilder<SqlBool> =>
  audience === 'everyone' ? sql`is_public = 1` : sql`true`

const asPage = <T>(page: { next: string | undefined; total: number }, items: readonly T[]): Page<T> =>
  withoutUndefined({ items, next: page.next, total: page.total })

const readRelease: (
  db: Kysely<Database>,
  id: string,
  audience: Audience,
) => ReturnType<CatalogStore['release']> = async (db, id, audience) => {
  const row = await db
    .selectFrom('releases')
    .select(['id', 'label', 'barcode'])
    .where('id', '=', id)
    .where(visibleTo(audience))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const ids = await db
    .selectFrom('tracks')
    .select('id')
    .where('release_id', '=', id)
    .where(visibleTo(audience))
    .orderBy('disc')
    .orderBy(sql`position is null`)
    .orderBy('position')
    .orderBy('sort_key')
    .orderBy('id')
    .execute()
  const [[summary], tracks, unreachable] = await Promise.all([
    readReleases(db, [row.id], audience),
    readTracks(
      db,
      ids.map((track) => track.id),
    ),
    readUnreachable(db, id),
  ])
  const away = tracks.map((track) => track.id).filter((track) => unreachable.has(track))
  const details = { label: row.label ?? undefined, barcode: row.barcode ?? undefined, tracks }
  return summary === undefined
    ? undefined
    : withoutUndefined({ ...summary, ...details, unreachable: away.length === 0 ? undefined : away })
}

/** The tracks of a release none of whose files was found at the last scan [CT18]. */
const readUnreachable = async (db: Kysely<Database>, releaseId: string): Promise<ReadonlySet<string>> => {
  const rows = await db
    .selectFrom('sources')
    .select('track_id')
    .where('release_id', '=', releaseId)
    .where('is_gone', '=', 0)
    .where('track_id', 'is not', null)
    .groupBy('track_id')
    .having(sql<SqlBool>`min(absence is not null) = 1`)
    .execute()
  return new Set(rows.flatMap((row) => row.track_id ?? []))
}

const readArtist: (db: Kysely<Database>, id: string, audience: Audience) => ReturnType<CatalogStore['artist']> = async (
  db,
  id,
  audience,
) => {
  const isPublicOnly = audience === 'everyone'
  const [summary] = await readArtists(db, [id], isPublicOnly)
  if (summary === undefined || summary.trackCount === 0) return undefined
  const heard = db.selectFrom('appearances').where('artist_id', '=', id).where(visibleTo(audience))
  const releaseIds = await db
    .selectFrom('releases')
    .select('id')
    .where('id', 'in', heard.select('release_id'))
    .orderBy('year', 'desc')
    .orderBy('sort_key')
    .limit(maxArtistReleases)
    .execute()
  const trackIds = await db
    .selectFrom('tracks')
    .select('id')
    .where('id', 'in', heard.select('track_id'))
    .orderBy('sort_key')
    .orderBy('id')
    .limit(maxArtistTracks)
    .execute()
  const [releases, tracks] = await Promise.all([
    readReleases(
      db,
      releaseIds.map((row) => row.id),
      audience,
    ),
    readTracks(
      db,
      trackIds.map((row) => row.id),
    ),
  ])
  return { ...summary, releases, tracks }
}

/** `last` is the number to continue from. On the last page it is the newest number of the feed, also when that entry is not visible. */
const readChanges = async (
  db: Kysely<Database>,
  query: { after: number; limit: number },
  audience: Audience,
): Promise<ChangePage> => {
  const newest = await db
    .selectFrom('changes')
    .select((change) => change.fn.max('seq').as('seq'))
    .executeTakeFirst()
  const upTo = newest?.seq ?? 0
  const rows = await db
    .selectFrom('changes')
    .select(['seq', 'at', 'kind', 'id', 'change'])
    .where('seq', '>', query.after)
    .where('seq', '<=', upTo)
    .where(visibleTo(audience))
    .orderBy('seq')
    .limit(query.limit)
    .execute()
  const items = rows.map((row) => catalogChangeSchema.parse(row))
  return { items, last: items.length === query.limit ? (items.at(-1)?.seq ?? upTo) : Math.max(upTo, query.after) }
}
