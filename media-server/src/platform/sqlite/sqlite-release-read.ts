import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { releaseTypes, type ArtistCredit } from '@tonestead/protocol/catalog'
import { sql, type Kysely } from 'kysely'
import type { PublishedRelease } from '../../ports/catalog-store.ts'
import type { ReleaseTrack } from './sqlite-published-rows.ts'
import type { CreditRow, Database, ReleaseRow, TrackRow } from './sqlite-schema.ts'

// A release with all its tracks, as it is in the catalog: a few queries, however many tracks there are.

/** A release as it should be. */
export type WantedRelease = { readonly release: PublishedRelease; readonly tracks: readonly ReleaseTrack[] }

export type ReleaseRows = {
  readonly release: ReleaseRow | undefined
  readonly tracks: ReadonlyMap<string, TrackRow>
  /** By owner: the release or a track. */
  readonly credits: ReadonlyMap<string, readonly CreditRow[]>
}

export const readReleaseRows = async (db: Kysely<Database>, id: string): Promise<ReleaseRows> => {
  const release = await db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst()
  const tracks = await db.selectFrom('tracks').selectAll().where('release_id', '=', id).execute()
  const { rows } = await sql<CreditRow>`
    select * from credits where owner = ${id} or owner in (select id from tracks where release_id = ${id})
    order by owner, place`.execute(db)
  return {
    release,
    tracks: new Map(tracks.map((track) => [track.id, track])),
    credits: Map.groupBy(rows, (row) => row.owner),
  }
}

/** The same as values, so that one track can be added or removed. */
export const readReleaseForWriting = async (db: Kysely<Database>, id: string): Promise<WantedRelease | undefined> => {
  const { release, tracks, credits } = await readReleaseRows(db, id)
  if (release === undefined) return undefined
  return {
    release: asRelease(release, credits.get(id) ?? []),
    tracks: [...tracks.values()].map((row) => asTrack(row, credits.get(row.id) ?? [])),
  }
}

const asRelease = (row: ReleaseRow, credits: readonly CreditRow[]): PublishedRelease => ({
  id: parseReleaseId(row.id),
  title: row.title,
  credits: credits.map(asCredit),
  type: releaseTypes.find((type) => type === row.type) ?? 'album',
  year: row.year ?? undefined,
  label: row.label ?? undefined,
  barcode: row.barcode ?? undefined,
  cover:
    row.cover_id === null || row.cover_color === null
      ? undefined
      : { id: parseChunkId(row.cover_id), color: row.cover_color },
  musicBrainzId: row.musicbrainz_id ?? undefined,
  loudness:
    row.album_lufs === null || row.album_peak_dbtp === null
      ? undefined
      : { integratedLufs: row.album_lufs, truePeakDbtp: row.album_peak_dbtp },
})

const asTrack = (row: TrackRow, credits: readonly CreditRow[]): ReleaseTrack => ({
  id: parseTrackId(row.id),
  recordingId: parseRecordingId(row.recording_id),
  title: row.title,
  disc: row.disc,
  position: row.position ?? undefined,
  credits: credits.map(asCredit),
  isPublic: row.is_public === 1,
  musicBrainzId: row.musicbrainz_id ?? undefined,
})

const asCredit = (row: CreditRow): ArtistCredit => ({
  id: parseArtistId(row.artist_id),
  name: row.name,
  join: row.joined_by,
})
