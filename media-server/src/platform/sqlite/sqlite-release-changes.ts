import type { Writing } from './sqlite-catalog-writer.ts'
import type { TrackChange } from './sqlite-release-difference.ts'
import type { ReleaseRows, WantedRelease } from './sqlite-release-read.ts'
import type { ReleaseRow, TrackRow } from './sqlite-schema.ts'

// Lines of the change feed for the difference of a release. A line is for everyone only if everyone can see what it is about, before or after.

export type Difference = {
  readonly before: ReleaseRows
  readonly changed: readonly TrackChange[]
  readonly removed: ReadonlyMap<string, TrackRow>
  /** Recordings of changed tracks that no track contained before. */
  readonly unheard: ReadonlySet<string>
}

export const noteTracks = (writing: Writing, { changed, removed }: Pick<Difference, 'changed' | 'removed'>): void => {
  for (const { track, before } of changed)
    writing.changes.push({
      kind: 'track',
      id: track.id,
      change: before === undefined ? 'published' : 'changed',
      isPublic: track.isPublic || before?.row.is_public === 1,
    })
  for (const [id, row] of removed)
    writing.changes.push({ kind: 'track', id, change: 'withdrawn', isPublic: row.is_public === 1 })
}

/** The tracks that have not changed themselves, when a field of the release that is shown with them has. */
export const noteOtherTracks = (writing: Writing, wanted: WantedRelease, changed: readonly TrackChange[]): void => {
  const noted = new Set<string>(changed.map(({ track }) => track.id))
  for (const { id, isPublic } of wanted.tracks)
    if (!noted.has(id)) writing.changes.push({ kind: 'track', id, change: 'changed', isPublic })
}

export const noteRecordings = async (writing: Writing, { changed, removed, unheard }: Difference): Promise<void> => {
  const noted = new Set<string>()
  for (const { track } of changed) {
    if (!unheard.has(track.recordingId) || noted.has(track.recordingId)) continue
    noted.add(track.recordingId)
    const { isPublic } = track
    writing.changes.push({ kind: 'recording', id: track.recordingId, change: 'published', isPublic })
  }
  const rows = [...removed.values(), ...changed.flatMap(({ before }) => before?.row ?? [])]
  const left = new Map(rows.map((row) => [row.recording_id, row.is_public === 1]))
  for (const id of await unheardAmong(writing, [...left.keys()]))
    writing.changes.push({ kind: 'recording', id, change: 'withdrawn', isPublic: left.get(id) ?? false })
}

/** Those of the recordings that no track contains. */
export const unheardAmong = async (writing: Writing, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const unheard = new Set<string>()
  for (const id of ids) {
    const track = await writing.db.selectFrom('tracks').select('id').where('recording_id', '=', id).limit(1).execute()
    if (track.length === 0) unheard.add(id)
  }
  return unheard
}

export const noteRelease = async (
  writing: Writing,
  before: ReleaseRow | undefined,
  { id, isOther }: { readonly id: string; readonly isOther: boolean },
): Promise<void> => {
  const after = await writing.db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const isSeenByAll = before?.is_public === 1 || after.is_public === 1
  const isOtherForAll =
    isOther ||
    before?.is_public !== after.is_public ||
    before.public_track_count !== after.public_track_count ||
    before.public_duration_ms !== after.public_duration_ms
  writing.changes.push({
    kind: 'release',
    id,
    change: before === undefined ? 'published' : 'changed',
    isPublic: isSeenByAll && isOtherForAll,
  })
}
