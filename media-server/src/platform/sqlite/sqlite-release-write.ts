import type { ArtistCredit } from '@tonestead/protocol/catalog'
import type { PublishedRecording, PublishedRelease } from '../../ports/catalog-store.ts'
import { updateArtists } from './sqlite-artist-write.ts'
import { rebuildAppearances, recountRelease } from './sqlite-catalog-derived.ts'
import type { Writing } from './sqlite-catalog-writer.ts'
import { recordingRow, releaseRow, rowDiffers, shownWithTracks, trackRow } from './sqlite-published-rows.ts'
import { noteOtherTracks, noteRecordings, noteRelease, noteTracks, unheardAmong } from './sqlite-release-changes.ts'
import {
  artistsConcerned,
  changedTracks,
  creditRows,
  creditsDiffer,
  removedTracks,
  type TrackChange,
} from './sqlite-release-difference.ts'
import { readReleaseRows, type WantedRelease } from './sqlite-release-read.ts'

// Writes the difference between a release as it is in the catalog and as it should be, with the lines of the change feed.

/** The recordings of the tracks must be there already. A release without tracks must be removed instead. */
export const writeRelease = async (writing: Writing, wanted: WantedRelease): Promise<void> => {
  const before = await readReleaseRows(writing.db, wanted.release.id)
  const changed = changedTracks(before, wanted)
  const removed = removedTracks(before, wanted.tracks)
  const fields = releaseRow(wanted.release)
  const hasOtherCredits = creditsDiffer(before.credits.get(wanted.release.id) ?? [], wanted.release.credits)
  const isOther = hasOtherCredits || rowDiffers(before.release, fields)
  if (!isOther && changed.length === 0 && removed.size === 0) return
  const unheard = await unheardAmong(
    writing,
    changed.map(({ track }) => track.recordingId),
  )
  await writeFields(writing, wanted.release)
  if (hasOtherCredits) await writeCredits(writing, wanted.release.id, wanted.release.credits)
  for (const change of changed) await writeTrack(writing, wanted.release, change)
  await deleteTracks(writing, [...removed.keys()])
  await recountRelease(writing.db, wanted.release.id)
  if (hasOtherCredits) await rebuildAppearances(writing.db, { column: 'release_id', value: wanted.release.id })
  else for (const { track } of changed) await rebuildAppearances(writing.db, { column: 'id', value: track.id })
  noteTracks(writing, { changed, removed })
  if (before.release !== undefined && rowDiffers(before.release, shownWithTracks(fields)))
    noteOtherTracks(writing, wanted, changed)
  await noteRecordings(writing, { before, changed, removed, unheard })
  await noteRelease(writing, before.release, { id: wanted.release.id, isOther })
  const touched = new Set<string>([...changed.map(({ track }) => track.id), ...removed.keys()])
  await updateArtists(writing, artistsConcerned(before, wanted, touched))
}

export const removeRelease = async (writing: Writing, id: string): Promise<void> => {
  const before = await readReleaseRows(writing.db, id)
  if (before.release === undefined) return
  await deleteTracks(writing, [...before.tracks.keys()])
  await writing.db.deleteFrom('credits').where('owner', '=', id).execute()
  await writing.db.deleteFrom('releases').where('id', '=', id).execute()
  noteTracks(writing, { changed: [], removed: before.tracks })
  await noteRecordings(writing, { before, changed: [], removed: before.tracks, unheard: new Set() })
  writing.changes.push({ kind: 'release', id, change: 'withdrawn', isPublic: before.release.is_public === 1 })
  const credits = [...before.credits.values()].flat()
  await updateArtists(
    writing,
    credits.map((credit) => ({ id: credit.artist_id, name: credit.name })),
  )
}

/** Inserts a recording, or replaces what is known of it. */
export const writeRecording = async (writing: Writing, recording: PublishedRecording): Promise<void> => {
  const { id } = recording
  const before = await writing.db.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst()
  const after = recordingRow(recording)
  if (before !== undefined && !rowDiffers(before, after)) return
  await writing.db
    .insertInto('recordings')
    .values({ id, ...after })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(after))
    .execute()
  const heard = await writing.db.selectFrom('tracks').select('is_public').where('recording_id', '=', id).execute()
  if (heard.length > 0)
    writing.changes.push({
      kind: 'recording',
      id,
      change: 'changed',
      isPublic: heard.some((row) => row.is_public === 1),
    })
}

/** Its counts are set by `recountRelease`. */
const writeFields = async (writing: Writing, release: PublishedRelease): Promise<void> => {
  const fields = releaseRow(release)
  const counts = { is_public: 0, track_count: 0, duration_ms: 0, public_track_count: 0, public_duration_ms: 0 }
  await writing.db
    .insertInto('releases')
    .values({ ...fields, ...counts, added_at: writing.at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute()
}

const writeTrack = async (writing: Writing, release: PublishedRelease, { track, before }: TrackChange) => {
  const row = trackRow(release.id, track)
  await writing.db
    .insertInto('tracks')
    .values({ ...row, id: track.id, added_at: writing.at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  if (before === undefined || creditsDiffer(before.credits, track.credits))
    await writeCredits(writing, track.id, track.credits)
}

const deleteTracks = async (writing: Writing, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    await writing.db.deleteFrom('credits').where('owner', '=', id).execute()
    await writing.db.deleteFrom('appearances').where('track_id', '=', id).execute()
    await writing.db.deleteFrom('tracks').where('id', '=', id).execute()
  }
}

const writeCredits = async (writing: Writing, owner: string, credits: readonly ArtistCredit[]): Promise<void> => {
  await writing.db.deleteFrom('credits').where('owner', '=', owner).execute()
  if (credits.length > 0) await writing.db.insertInto('credits').values(creditRows(owner, credits)).execute()
}
