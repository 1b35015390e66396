import type { UnixMs } from '@tonestead/crdt/instant'
import type { ArtistCredit, CatalogChange } from '@tonestead/protocol/catalog'
import type { Kysely, Transaction } from 'kysely'
import type { CatalogStore, Publication, PublishedRelease } from '../../ports/catalog-store.ts'
import { nameSortKey } from './name-sort-key.ts'
import {
  deleteArtistsWithoutTracks,
  deleteEmptyRelease,
  recountArtists,
  recountRelease,
  rebuildAppearances,
} from './sqlite-catalog-derived.ts'
import { recordingRow, releaseRow, rowDiffers, shownWithTracks, trackRow } from './sqlite-published-rows.ts'
import type { Database } from './sqlite-schema.ts'

type Writes = Pick<CatalogStore, 'publish' | 'setHeads' | 'withdraw' | 'setAlbumLoudness'>
type Change = Pick<CatalogChange, 'kind' | 'id' | 'change'> & { readonly isPublic: boolean }

/** One write: its transaction, and the changes that are appended to the change feed before the commit. */
type Writing = { readonly db: Transaction<Database>; readonly at: UnixMs; readonly changes: Change[] }

/** `onGrown` is called after each commit that made the change feed longer. */
export const createSqliteCatalogWrites = (db: Kysely<Database>, onGrown: () => void): Writes => {
  const write = async (at: UnixMs, work: (writing: Writing) => Promise<void>): Promise<void> => {
    const hasGrown = await db.transaction().execute(async (transaction) => {
      const writing: Writing = { db: transaction, at, changes: [] }
      await work(writing)
      const rows = writing.changes.map(({ isPublic, ...change }) => ({ ...change, at, is_public: isPublic ? 1 : 0 }))
      if (rows.length > 0) await transaction.insertInto('changes').values(rows).execute()
      return rows.length > 0
    })
    if (hasGrown) onGrown()
  }
  return {
    publish: (publication, at) => write(at, (writing) => publish(writing, publication)),
    withdraw: (id, at) => write(at, (writing) => withdraw(writing, id)),
    setHeads: (id, heads, at) =>
      write(at, async (writing) => {
        const before = await writing.db.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst()
        if (before === undefined) throw new Error('this recording was never published')
        const after = { head_aac: heads.aac, head_flac: heads.flac ?? null }
        if (!rowDiffers(before, after)) return
        await writing.db.updateTable('recordings').set(after).where('id', '=', id).execute()
        writing.changes.push({ kind: 'recording', id, change: 'changed', isPublic: await isHeardByAll(writing, id) })
      }),
    setAlbumLoudness: (id, loudness, at) =>
      write(at, async (writing) => {
        const before = await writing.db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst()
        const after = { album_lufs: loudness.integratedLufs, album_peak_dbtp: loudness.truePeakDbtp }
        if (before === undefined || !rowDiffers(before, after)) return
        await writing.db.updateTable('releases').set(after).where('id', '=', id).execute()
        writing.changes.push({ kind: 'release', id, change: 'changed', isPublic: before.is_public === 1 })
      }),
  }
}

const publish = async (writing: Writing, publication: Publication): Promise<void> => {
  const { release, track } = publication
  const heardBefore = await artistsOn(writing, { column: 'id', value: track.id })
  const releaseBefore = await artistsOn(writing, { column: 'release_id', value: release.id })
  const releaseChange = await writeRelease(writing, release)
  await writeRecording(writing, publication)
  const trackChange = await writeTrack(writing, publication)
  if (writing.changes.length === 0) return
  if (releaseChange === undefined && trackChange === 'published')
    writing.changes.push({ kind: 'release', id: release.id, change: 'changed', isPublic: release.isPublic })
  await recountRelease(writing.db, release.id)
  await rebuildAppearances(
    writing.db,
    releaseChange === undefined ? { column: 'id', value: track.id } : { column: 'release_id', value: release.id },
  )
  const credited = [...release.credits, ...track.credits].map((credit) => credit.id)
  await updateArtists(
    writing,
    [...heardBefore, ...(releaseChange === undefined ? [] : releaseBefore), ...credited],
    release.isPublic,
  )
}

/** Undefined when nothing has changed. */
const writeRelease = async (
  writing: Writing,
  release: PublishedRelease,
): Promise<'published' | 'changed' | undefined> => {
  const before = await writing.db.selectFrom('releases').selectAll().where('id', '=', release.id).executeTakeFirst()
  const after = releaseRow(release)
  await writeArtists(writing, release.credits, release.isPublic)
  const hasNewCredits = await writeCredits(writing, release.id, release.credits)
  if (before !== undefined && !hasNewCredits && !rowDiffers(before, after)) return undefined
  const fresh = {
    ...after,
    added_at: writing.at,
    track_count: 0,
    duration_ms: 0,
    album_lufs: null,
    album_peak_dbtp: null,
  }
  await writing.db
    .insertInto('releases')
    .values(fresh)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(after))
    .execute()
  await writing.db
    .updateTable('tracks')
    .set({ is_public: after.is_public })
    .where('release_id', '=', release.id)
    .where('is_public', '!=', after.is_public)
    .execute()
  const change = before === undefined ? 'published' : 'changed'
  const isPublic = release.isPublic || before?.is_public === 1
  writing.changes.push({ kind: 'release', id: release.id, change, isPublic })
  if (before !== undefined && rowDiffers(before, shownWithTracks(after)))
    await changeTracksOf(writing, release.id, isPublic)
  return change
}

const changeTracksOf = async (writing: Writing, releaseId: string, isPublic: boolean): Promise<void> => {
  const tracks = await writing.db.selectFrom('tracks').select('id').where('release_id', '=', releaseId).execute()
  for (const { id } of tracks) writing.changes.push({ kind: 'track', id, change: 'changed', isPublic })
}

const writeRecording = async (writing: Writing, { recording, release }: Publication): Promise<void> => {
  const before = await writing.db.selectFrom('recordings').selectAll().where('id', '=', recording.id).executeTakeFirst()
  const wasHeard =
    (await writing.db
      .selectFrom('tracks')
      .select('id')
      .where('recording_id', '=', recording.id)
      .limit(1)
      .executeTakeFirst()) !== undefined
  const after = recordingRow(recording)
  if (before !== undefined && wasHeard && !rowDiffers(before, after)) return
  await writing.db
    .insertInto('recordings')
    .values({ id: recording.id, ...after })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(after))
    .execute()
  writing.changes.push({
    kind: 'recording',
    id: recording.id,
    change: wasHeard ? 'changed' : 'published',
    isPublic: release.isPublic || (await isHeardByAll(writing, recording.id)),
  })
}

const writeTrack = async (writing: Writing, publication: Publication): Promise<'published' | 'changed' | undefined> => {
  const { track, release } = publication
  const before = await writing.db.selectFrom('tracks').selectAll().where('id', '=', track.id).executeTakeFirst()
  const after = trackRow(publication)
  await writeArtists(writing, track.credits, release.isPublic)
  const hasNewCredits = await writeCredits(writing, track.id, track.credits)
  if (before !== undefined && !hasNewCredits && !rowDiffers(before, after)) return undefined
  await writing.db
    .insertInto('tracks')
    .values({ ...after, id: track.id, added_at: writing.at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(after))
    .execute()
  const change = before === undefined ? 'published' : 'changed'
  writing.changes.push({ kind: 'track', id: track.id, change, isPublic: release.isPublic || before?.is_public === 1 })
  if (before !== undefined && before.release_id !== release.id)
    await updateReleaseAfterRemoval(writing, before.release_id)
  return change
}

/** Inserts new artists. The name of an existing artist is not changed. */
const writeArtists = async (writing: Writing, credits: readonly ArtistCredit[], isPublic: boolean): Promise<void> => {
  for (const credit of credits) {
    const counts = { track_count: 0, release_count: 0, public_track_count: 0, public_release_count: 0 }
    const row = {
      id: credit.id,
      name: credit.name,
      sort_key: nameSortKey(credit.name),
      added_at: writing.at,
      ...counts,
    }
    const made = await writing.db
      .insertInto('artists')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made === undefined) continue
    writing.changes.push({ kind: 'artist', id: credit.id, change: 'published', isPublic })
  }
}

/** Returns whether the credits have changed. */
const writeCredits = async (writing: Writing, owner: string, credits: readonly ArtistCredit[]): Promise<boolean> => {
  const rows = credits.map((credit, place) => ({
    owner,
    place,
    artist_id: credit.id,
    name: credit.name,
    joined_by: credit.join,
  }))
  const before = await writing.db
    .selectFrom('credits')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('place')
    .execute()
  if (before.length === rows.length && rows.every((row, place) => !rowDiffers(before[place], row))) return false
  await writing.db.deleteFrom('credits').where('owner', '=', owner).execute()
  if (rows.length > 0) await writing.db.insertInto('credits').values(rows).execute()
  return true
}

const withdraw = async (writing: Writing, id: string): Promise<void> => {
  const track = await writing.db.selectFrom('tracks').selectAll().where('id', '=', id).executeTakeFirst()
  if (track === undefined) return
  const isPublic = track.is_public === 1
  const artists = await artistsOn(writing, { column: 'id', value: id })
  await writing.db.deleteFrom('credits').where('owner', '=', id).execute()
  await writing.db.deleteFrom('tracks').where('id', '=', id).execute()
  writing.changes.push({ kind: 'track', id, change: 'withdrawn', isPublic })
  const other = await writing.db
    .selectFrom('tracks')
    .select('id')
    .where('recording_id', '=', track.recording_id)
    .limit(1)
    .executeTakeFirst()
  if (other === undefined)
    writing.changes.push({ kind: 'recording', id: track.recording_id, change: 'withdrawn', isPublic })
  await writing.db.deleteFrom('appearances').where('track_id', '=', id).execute()
  await updateReleaseAfterRemoval(writing, track.release_id)
  await updateArtists(writing, artists, isPublic)
}

/** Updates a release that has lost a track: it is deleted when that was its last one. */
const updateReleaseAfterRemoval = async (writing: Writing, releaseId: string): Promise<void> => {
  const release = await writing.db
    .selectFrom('releases')
    .select('is_public')
    .where('id', '=', releaseId)
    .executeTakeFirst()
  const isGone = await deleteEmptyRelease(writing.db, releaseId)
  if (!isGone) await recountRelease(writing.db, releaseId)
  writing.changes.push({
    kind: 'release',
    id: releaseId,
    change: isGone ? 'withdrawn' : 'changed',
    isPublic: release?.is_public === 1,
  })
}

/** Updates the counts of artists. New counts are no change in the feed, but becoming visible to everyone, or no longer visible, is one. */
const updateArtists = async (writing: Writing, ids: readonly string[], isPublic: boolean): Promise<void> => {
  const distinct = [...new Set(ids)]
  const before = await publicAmong(writing, distinct)
  await recountArtists(writing.db, distinct)
  const after = await publicAmong(writing, distinct)
  const gone = new Set(await deleteArtistsWithoutTracks(writing.db, distinct))
  const isNew = new Set(writing.changes.filter((change) => change.kind === 'artist').map((change) => change.id))
  for (const id of gone) {
    writing.changes.push({ kind: 'artist', id, change: 'withdrawn', isPublic: isPublic || before.has(id) })
  }
  for (const id of distinct)
    if (before.has(id) !== after.has(id) && !gone.has(id) && !isNew.has(id))
      writing.changes.push({ kind: 'artist', id, change: 'changed', isPublic: true })
}

const publicAmong = async (writing: Writing, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows =
    ids.length === 0
      ? []
      : await writing.db
          .selectFrom('artists')
          .select('id')
          .where('id', 'in', ids)
          .where('public_track_count', '>', 0)
          .execute()
  return new Set(rows.map((row) => row.id))
}

const artistsOn = async (
  writing: Writing,
  tracks: { column: 'id' | 'release_id'; value: string },
): Promise<string[]> => {
  const heard = writing.db.selectFrom('tracks').select('id').where(tracks.column, '=', tracks.value)
  const rows = await writing.db
    .selectFrom('appearances')
    .select('artist_id')
    .distinct()
    .where('track_id', 'in', heard)
    .execute()
  return rows.map((row) => row.artist_id)
}

const isHeardByAll = async (writing: Writing, recordingId: string): Promise<boolean> =>
  (await writing.db
    .selectFrom('tracks')
    .select('id')
    .where('recording_id', '=', recordingId)
    .where('is_public', '=', 1)
    .limit(1)
    .executeTakeFirst()) !== undefined
