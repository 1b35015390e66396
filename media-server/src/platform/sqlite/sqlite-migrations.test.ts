import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseReleaseId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { afterAll, expect, it } from 'vitest'
import { createReleaseDerivation } from '../../catalog/derive-release.ts'
import { createCatalogIds } from '../../ingest/catalog-ids.ts'
import { ingestedOf } from '../../ports/ingested-source.testkit.ts'
import { idOf, publicationOf } from '../../ports/publication.testkit.ts'
import { openSqlite } from './node-sqlite-dialect.ts'
import { factColumns } from './source-facts-row.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import { createSqliteStores } from './sqlite-stores.ts'

const folder = await mkdtemp(join(tmpdir(), 'tonestead-migration-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const derive = createReleaseDerivation(createCatalogIds(new Uint8Array(32).fill(1)))
const at = (second: number) => parseUnixMs(1_700_000_000_000 + second * 1000)
const versionWithoutFacts = 4
const upload = 'a'.repeat(32)

/** A database as it was before sources had facts: release "Album" with tracks of two files and of an upload, and two tracks whose files are gone. */
const openOldDatabase = () => {
  const database = openSqlite(join(folder, 'catalog.sqlite'))
  migrateSqlite(database, 1, versionWithoutFacts)
  const addTrack = database.prepare('INSERT INTO tracks VALUES (?, ?, ?, ?, ?, 1, NULL, NULL, ?, 1)')
  const addRecording = database.prepare(
    'INSERT INTO recordings VALUES (?, 1, 200000, ?, NULL, NULL, -14.2, 6.5, -0.8, NULL)',
  )
  const addSource = database.prepare(
    `INSERT INTO sources (id, folder, path, name, size_bytes, modified_ms, is_public, is_gone, stage, sha256, recording_id, track_id, found_at)
     VALUES (?, ?, ?, ?, 1, 1, ?, ?, NULL, ?, ?, ?, 1)`,
  )
  const album = idOf('release Album')
  database.exec(
    `INSERT INTO releases VALUES ('${album}', 'Album', 'album', 'album', NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL, 1, 5, 1000000)`,
  )
  const add = (title: string, path: string, { isGone, isPublic }: { isGone: boolean; isPublic: boolean }) => {
    const { recording } = publicationOf({ title, release: 'Album', artist: 'Ann' })
    addRecording.run(recording.id, recording.heads.aac)
    addTrack.run(idOf(`old ${title}`), album, recording.id, title, title, 1)
    const { sha256 } = ingestedOf({ title, release: 'Album' })
    const source = path.startsWith('/music') ? '/music' : ''
    addSource.run(
      `s ${title}`,
      source,
      path,
      title,
      isPublic ? 1 : 0,
      isGone ? 1 : 0,
      sha256,
      recording.id,
      idOf(`old ${title}`),
    )
    database.prepare('INSERT INTO plays VALUES (?, 19000, 7)').run(idOf(`old ${title}`))
  }
  add('One', '/music/1', { isGone: false, isPublic: true })
  add('Two', '/music/2', { isGone: false, isPublic: true })
  add('Mine', `/old place/uploads/done/${upload}`, { isGone: false, isPublic: false })
  add('Ghost', '/music/3', { isGone: true, isPublic: true })
  add('Retagged', '/music/4', { isGone: false, isPublic: true })
  database.exec(`UPDATE sources SET track_id = '${idOf('old One')}' WHERE id = 's Retagged'`)
  return database
}

it('opens a database without facts: nothing is lost, and the tracks of files that are gone are withdrawn', async () => {
  const stores = createSqliteStores(openOldDatabase(), { instanceKey: new Uint8Array(32), at: 2, derive })
  const release = parseReleaseId(idOf('release Album'))
  const titles = async (audience: 'everyone' | 'listeners') =>
    (await stores.catalog.release(release, audience))?.tracks.map((track) => track.title)
  expect(await titles('listeners')).toHaveLength(5)
  expect(await stores.sources.keepFolders(['/music'], at(1))).toBe(0)
  expect(await titles('listeners')).toEqual(['Mine', 'One', 'Two'])
  expect(await stores.catalog.release(release, 'listeners')).toMatchObject({ trackCount: 3 })
  // Every file is read again; the upload is named by its id.
  const paths: string[] = []
  for (let second = 2; second < 12; second += 1) {
    const job = await stores.sources.claim({ owner: 'w', until: at(second + 60), now: at(second) })
    if (job?.stage !== 'playable') break
    paths.push(job.path)
    const known = ingestedOf({ title: job.name, release: 'Album' })
    const outcome = { kind: 'playable', ...known, made: undefined } as const
    expect(await stores.sources.finish({ id: job.id, owner: 'w', stage: 'playable' }, outcome, at(second))).toBe(true)
  }
  expect(paths.toSorted()).toEqual(['/music/1', '/music/2', '/music/4', `upload:${upload}`])
  expect(await titles('listeners')).toEqual(['Mine', 'One', 'Retagged', 'Two'])
  // An upload is not public because a public album has its name.
  expect(await titles('everyone')).toEqual(['One', 'Retagged', 'Two'])
  const played = await stores.search.playedSince(19_000)
  const tracks = (await stores.catalog.release(release, 'listeners'))?.tracks.map((track) => track.id)
  expect(tracks?.filter((id) => played.some((key) => key.id === id))).toHaveLength(3)
  expect(tracks).not.toContain(idOf('old One'))
  await stores.close()
})

it('withdraws what versions in between have left behind: a track without a file, and a public one without a public file', async () => {
  const versionWithGhosts = 7
  const database = openSqlite(join(folder, 'between.sqlite'))
  migrateSqlite(database, 1, versionWithGhosts)
  const album = idOf('release Album')
  database.exec(
    `INSERT INTO releases VALUES ('${album}', 'Album', 'album', 'album', NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL, 1, 3, 600000, 3, 600000)`,
  )
  const add = (title: string, { isGone, isPublic }: { isGone: boolean; isPublic: boolean }) => {
    const { facts, made, sha256 } = ingestedOf({ title, release: 'Album' })
    const [release] = derive(parseReleaseId(album), [
      { id: title, name: title, isPublic: true, facts, loudness: made!.loudness },
    ])!.tracks
    database
      .prepare('INSERT INTO recordings VALUES (?, 1, 200000, ?, NULL, NULL, -14.2, 6.5, -0.8, NULL)')
      .run(facts.recordingId, made!.heads.aac)
    database
      .prepare('INSERT INTO tracks VALUES (?, ?, ?, ?, ?, 1, NULL, NULL, 1, 1)')
      .run(release!.id, album, facts.recordingId, title, title)
    const known = factColumns({ ...facts, releaseId: parseReleaseId(album) })
    database
      .prepare(
        `INSERT INTO sources (id, folder, path, name, size_bytes, modified_ms, is_public, is_gone, sha256, track_id, found_at, ${Object.keys(known).join(', ')})
         VALUES (?, '/music', ?, ?, 1, 1, ?, ?, ?, ?, 1, ${Object.keys(known)
           .map(() => '?')
           .join(', ')})`,
      )
      .run(
        title,
        `/music/${title}`,
        title,
        Number(isPublic),
        Number(isGone),
        sha256,
        release!.id,
        ...Object.values(known),
      )
  }
  add('Here', { isGone: false, isPublic: true })
  add('Ghost', { isGone: true, isPublic: true })
  add('Private', { isGone: false, isPublic: false })
  const stores = createSqliteStores(database, { instanceKey: new Uint8Array(32), at: 2, derive })
  await stores.sources.keepFolders(['/music'], at(1))
  const titles = async (audience: 'everyone' | 'listeners') =>
    (await stores.catalog.release(parseReleaseId(album), audience))?.tracks.map((track) => track.title)
  expect(await titles('everyone')).toEqual(['Here'])
  expect(await titles('listeners')).toEqual(['Here', 'Private'])
  await stores.close()
})
