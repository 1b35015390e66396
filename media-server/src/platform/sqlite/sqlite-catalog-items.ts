import type { Audience } from '@tonestead/protocol/audience'
import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { toBase64Url } from '@tonestead/protocol/bytes'
import {
  releaseTypes,
  type ArtistCredit,
  type ArtistSummary,
  type Cover,
  type ReleaseSummary,
  type Track,
} from '@tonestead/protocol/catalog'
import type { Kysely } from 'kysely'
import type { PublishedRecording } from '../../ports/catalog-store.ts'
import type { CreditRow, Database, RecordingRow, ReleaseRow } from './sqlite-schema.ts'

// Reads the items of a page of ids: one query for each table, never one for each row.

/** Removes members that are undefined: optional members are missing in JSON. */
type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> }
export const withoutUndefined = <T extends object>(value: T): WithoutUndefined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as WithoutUndefined<T>

const coverOf = (row: { cover_id: string | null; cover_color: string | null }): Cover | undefined =>
  row.cover_id === null || row.cover_color === null
    ? undefined
    : { id: parseChunkId(row.cover_id), color: row.cover_color }

const inOrder = <T extends { id: string }>(ids: readonly string[], rows: readonly T[]): T[] => {
  const known = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => known.get(id) ?? [])
}

const creditsOf = async (
  db: Kysely<Database>,
  owners: readonly string[],
): Promise<ReadonlyMap<string, ArtistCredit[]>> => {
  const rows =
    owners.length === 0
      ? []
      : await db
          .selectFrom('credits')
          .selectAll()
          .where('owner', 'in', owners)
          .orderBy('owner')
          .orderBy('place')
          .execute()
  const byOwner = Map.groupBy(rows, (row) => row.owner)
  return new Map([...byOwner].map(([owner, credits]) => [owner, credits.map(asCredit)]))
}

const asCredit = (row: CreditRow): ArtistCredit => ({
  id: parseArtistId(row.artist_id),
  name: row.name,
  join: row.joined_by,
})

/** The counts are those of the tracks that the audience may hear. */
export const readReleases = async (
  db: Kysely<Database>,
  ids: readonly string[],
  audience: Audience,
): Promise<ReleaseSummary[]> => {
  if (ids.length === 0) return []
  const [rows, credits] = await Promise.all([
    db.selectFrom('releases').selectAll().where('id', 'in', ids).execute(),
    creditsOf(db, ids),
  ])
  return inOrder(ids, rows).map((row) => asRelease(row, credits.get(row.id) ?? [], audience))
}

const asRelease = (row: ReleaseRow, credits: ArtistCredit[], audience: Audience): ReleaseSummary =>
  withoutUndefined({
    id: parseReleaseId(row.id),
    title: row.title,
    credits,
    type: releaseTypes.find((type) => type === row.type) ?? 'album',
    year: row.year ?? undefined,
    cover: coverOf(row),
    trackCount: audience === 'everyone' ? row.public_track_count : row.track_count,
    durationMs: audience === 'everyone' ? row.public_duration_ms : row.duration_ms,
    isPublic: row.is_public === 1,
    addedAt: row.added_at,
  })

const trackQuery = (db: Kysely<Database>, ids: readonly string[]) =>
  db
    .selectFrom('tracks')
    .innerJoin('releases', 'releases.id', 'tracks.release_id')
    .innerJoin('recordings', 'recordings.id', 'tracks.recording_id')
    .select(['tracks.id', 'tracks.title', 'tracks.disc', 'tracks.position', 'tracks.release_id', 'tracks.recording_id'])
    .select([
      'releases.title as release_title',
      'releases.cover_id',
      'releases.cover_color',
      'releases.album_lufs',
      'releases.album_peak_dbtp',
    ])
    .select([
      'recordings.duration_ms',
      'recordings.isrc',
      'recordings.waveform',
      'recordings.head_aac',
      'recordings.head_flac',
    ])
    .where('tracks.id', 'in', ids)

type JoinedTrack = Awaited<ReturnType<ReturnType<typeof trackQuery>['execute']>>[number]

export const readTracks = async (db: Kysely<Database>, ids: readonly string[]): Promise<Track[]> => {
  if (ids.length === 0) return []
  const [rows, credits] = await Promise.all([trackQuery(db, ids).execute(), creditsOf(db, ids)])
  return inOrder(ids, rows).map((row) => asTrack(row, credits.get(row.id) ?? []))
}

const asTrack = (row: JoinedTrack, credits: ArtistCredit[]): Track =>
  withoutUndefined({
    id: parseTrackId(row.id),
    recordingId: parseRecordingId(row.recording_id),
    title: row.title,
    credits,
    release: withoutUndefined({ id: parseReleaseId(row.release_id), title: row.release_title, cover: coverOf(row) }),
    disc: row.disc,
    position: row.position ?? undefined,
    durationMs: row.duration_ms,
    isrc: row.isrc ?? undefined,
    heads: headsOf(row),
    waveform: row.waveform === null ? undefined : parseChunkId(row.waveform),
    albumLoudness:
      row.album_lufs === null || row.album_peak_dbtp === null
        ? undefined
        : { integratedLufs: row.album_lufs, truePeakDbtp: row.album_peak_dbtp },
  })

const headsOf = (row: { head_aac: Uint8Array; head_flac: Uint8Array | null }): Track['heads'] =>
  withoutUndefined({
    aac: toBase64Url(row.head_aac),
    flac: row.head_flac === null ? undefined : toBase64Url(row.head_flac),
  })

export const readArtists = async (
  db: Kysely<Database>,
  ids: readonly string[],
  isPublicOnly: boolean,
): Promise<ArtistSummary[]> => {
  if (ids.length === 0) return []
  const [rows, covers] = await Promise.all([
    db.selectFrom('artists').selectAll().where('id', 'in', ids).execute(),
    coversOf(db, ids, isPublicOnly),
  ])
  return inOrder(ids, rows).map((row) =>
    withoutUndefined({
      id: parseArtistId(row.id),
      name: row.name,
      releaseCount: isPublicOnly ? row.public_release_count : row.release_count,
      trackCount: isPublicOnly ? row.public_track_count : row.track_count,
      cover: covers.get(row.id),
    }),
  )
}

/** The cover of each artist's newest release; of several in one year, the one added last. */
const coversOf = async (
  db: Kysely<Database>,
  artists: readonly string[],
  isPublicOnly: boolean,
): Promise<ReadonlyMap<string, Cover | undefined>> => {
  const rows = await db
    .selectFrom('appearances')
    .innerJoin('releases', 'releases.id', 'appearances.release_id')
    .select(['artist_id', 'cover_id', 'cover_color'])
    .where('artist_id', 'in', artists)
    .where('cover_id', 'is not', null)
    .$if(isPublicOnly, (query) => query.where('releases.is_public', '=', 1))
    .groupBy(['artist_id', 'releases.id'])
    .orderBy('releases.year')
    .orderBy('releases.added_at')
    .execute()
  return new Map(rows.map((row) => [row.artist_id, coverOf(row)]))
}

export const asRecording = (row: RecordingRow): PublishedRecording => ({
  id: parseRecordingId(row.id),
  keyVersion: row.key_version,
  durationMs: row.duration_ms,
  heads: { aac: row.head_aac, flac: row.head_flac ?? undefined },
  waveform: row.waveform === null ? undefined : parseChunkId(row.waveform),
  loudness: { integratedLufs: row.integrated_lufs, rangeLu: row.range_lu, truePeakDbtp: row.true_peak_dbtp },
  isrc: row.isrc ?? undefined,
})
