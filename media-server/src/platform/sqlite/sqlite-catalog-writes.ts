import type { ReleaseId, TrackId } from '@tonestead/crdt/ids'
import type { Kysely } from 'kysely'
import type { CatalogStore, Publication } from '../../ports/catalog-store.ts'
import type { CatalogWriter, Writing } from './sqlite-catalog-writer.ts'
import { rowDiffers } from './sqlite-published-rows.ts'
import { readReleaseForWriting } from './sqlite-release-read.ts'
import { removeRelease, writeRecording, writeRelease } from './sqlite-release-write.ts'
import type { Database } from './sqlite-schema.ts'

type Writes = Pick<CatalogStore, 'publish' | 'setHeads' | 'withdraw'>

export const createSqliteCatalogWrites = (write: CatalogWriter): Writes => ({
  publish: (publication, at) => write(at, (writing) => publish(writing, publication)),
  withdraw: (id, at) => write(at, (writing) => withdraw(writing, id)),
  setHeads: (id, heads, at) =>
    write(at, async (writing) => {
      const before = await writing.db.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst()
      if (before === undefined) throw new Error('this recording was never published')
      const after = { head_aac: heads.aac, head_flac: heads.flac ?? null }
      if (!rowDiffers(before, after)) return
      await writing.db.updateTable('recordings').set(after).where('id', '=', id).execute()
      const tracks = await writing.db.selectFrom('tracks').select('is_public').where('recording_id', '=', id).execute()
      if (tracks.length === 0) return
      writing.changes.push({
        kind: 'recording',
        id,
        change: 'changed',
        isPublic: tracks.some((row) => row.is_public === 1),
      })
    }),
})

/** The release as it is, with this track in it. */
const publish = async (writing: Writing, { recording, release, track }: Publication): Promise<void> => {
  await withdrawElsewhere(writing, track.id, release.id)
  await writeRecording(writing, recording)
  const before = await readReleaseForWriting(writing.db, release.id)
  const others = (before?.tracks ?? []).filter((other) => other.id !== track.id)
  await writeRelease(writing, { release, tracks: [...others, { ...track, recordingId: recording.id }] })
}

const withdrawElsewhere = async (writing: Writing, id: TrackId, releaseId: ReleaseId): Promise<void> => {
  const row = await releaseOf(writing.db, id)
  if (row !== undefined && row !== releaseId) await withdraw(writing, id)
}

const withdraw = async (writing: Writing, id: TrackId): Promise<void> => {
  const releaseId = await releaseOf(writing.db, id)
  const before = releaseId === undefined ? undefined : await readReleaseForWriting(writing.db, releaseId)
  if (before === undefined) return
  const tracks = before.tracks.filter((track) => track.id !== id)
  if (tracks.length === 0) await removeRelease(writing, before.release.id)
  else await writeRelease(writing, { release: before.release, tracks })
}

const releaseOf = async (db: Kysely<Database>, id: TrackId): Promise<string | undefined> =>
  (await db.selectFrom('tracks').select('release_id').where('id', '=', id).executeTakeFirst())?.release_id
