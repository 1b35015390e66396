import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createFfmpegTranscoder } from '../platform/transcoder/ffmpeg-transcoder.ts'
import { findFfmpeg } from '../platform/transcoder/find-ffmpeg.ts'
import { createPictureMaker } from '../platform/pictures/picture-maker.client.ts'
import { createFsCoverStore } from '../platform/files/fs-cover-store.ts'
import { createFsMasterStore } from '../platform/files/fs-master-store.ts'
import { openFsObjectStore } from '../platform/files/fs-object-store.ts'
import { createNodeAvTranscoder, hasNodeAv } from '../platform/transcoder/node-av-transcoder.client.ts'
import { openSqliteStores } from '../platform/sqlite/sqlite-stores.ts'
import { systemClock } from '../platform/system-clock.ts'
import { openFilePath } from '../platform/process/open-files.ts'
import { createTagReader } from '../platform/tags/tag-reader.client.ts'
import { parseTrackId, type RecordingId, type TrackId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { createReleaseDerivation } from '../catalog/derive-release.ts'
import type { JobOutcome, SourceJob, SourceStore, Stage } from '../ports/source-store.ts'
import type { Transcoder } from '../ports/transcoder.ts'
import { createBoundedMap } from './bounded-map.ts'
import { createCatalogIds } from './catalog-ids.ts'
import { createCoverFinder } from './find-cover.ts'
import { runIngestJob, type JobMemory } from './run-ingest-job.ts'

/** The folder with real music and hostile files, if available. They are not part of the project. */
export const mediaFolder = process.env['TONESTEAD_TEST_MEDIA'] ?? join(import.meta.dirname, '../../../../shared/media')
export const hasMedia = existsSync(join(mediaFolder, 'malformed'))

/** The transcoders that work on this machine. */
export const transcodersHere = async (): Promise<readonly Transcoder[]> => {
  const found = await findFfmpeg(process.env['FFMPEG_PATH'])
  return [
    ...(found.kind === 'found' ? [await createFfmpegTranscoder(found)] : []),
    ...(hasNodeAv() ? [createNodeAvTranscoder()] : []),
  ]
}

const ids = createCatalogIds(new Uint8Array(32).fill(9))

/** Ingest with the real adapters in a new folder. */
export const openIngest = async (transcoder: Transcoder) => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-ingest-'))
  const workFolder = join(data, 'work')
  await mkdir(workFolder)
  const stores = openSqliteStores({
    path: join(data, 'catalog.sqlite'),
    instanceKey: new Uint8Array(32).fill(7),
    at: Date.now(),
    derive: createReleaseDerivation(ids),
  })
  const pkcs8 = generateKeyPairSync('ed25519')
  const jwk = pkcs8.publicKey.export({ format: 'jwk' })
  const catalogKey = await crypto.subtle.importKey(
    'pkcs8',
    pkcs8.privateKey.export({ type: 'pkcs8', format: 'der' }),
    'Ed25519',
    false,
    ['sign'],
  )
  const publicKey = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify'])
  const objects = await openFsObjectStore(join(data, 'objects'))
  // Hostile files may crash the children: the outcomes of the jobs are what tests compare.
  const ignoreFault = (): void => undefined
  const [tags, pictures] = [createTagReader(ignoreFault), createPictureMaker(ignoreFault)]
  const covers = createFsCoverStore(join(data, 'covers'))
  const masters = createFsMasterStore(join(data, 'masters'))
  const { catalog, contentKeys, sources } = stores
  const deps = {
    catalog,
    contentKeys,
    objects,
    masters,
    transcoder,
    tags,
    covers: createCoverFinder({
      covers,
      pictures,
      openFilePath,
      onFault: (message, cause) => {
        throw new Error(message, { cause })
      },
    }),
    ids,
    catalogKey,
    clock: systemClock,
    workFolder,
    openFilePath,
    memory: createBoundedMap<JobMemory>(100),
  }
  return {
    ...deps,
    data,
    publicKey,
    sources,
    coverStore: covers,
    scrub: stores.scrub,
    /** Adds the file, performs one stage, and ends the job as the ingest loop does. */
    ingest: async (path: string, stage: Stage = 'playable', name = basename(path)): Promise<Ingested> => {
      const { size, mtimeMs } = await stat(path)
      const found = { path, name, sizeBytes: size, modifiedAtMs: mtimeMs, isPublic: false, pictureStamp: '', device: 0 }
      const id = await sources.add(found, systemClock.now())
      const job = await claimJob(sources, { id, stage })
      const outcome = await runIngestJob(deps, job, { signal: new AbortController().signal, onStep: () => undefined })
      await sources.finish({ id, owner, stage }, outcome, systemClock.now())
      return ingestedOf(sources, { id, outcome, sha256: job.sha256 })
    },
    close: async (): Promise<void> => {
      tags.stop()
      pictures.stop()
      await stores.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}

const owner = 'testkit'
type Ingested = DoneJob | Extract<JobOutcome, { kind: 'refused' }>
/** What became of a file that was taken in. */
export type DoneJob = {
  readonly kind: 'done'
  readonly sha256: string
  readonly recordingId: RecordingId
  readonly trackId: TrackId
}

/** Puts other jobs off until it gets this one. */
const claimJob = async (sources: SourceStore, wanted: { id: string; stage: Stage }): Promise<SourceJob> => {
  for (;;) {
    const now = systemClock.now()
    const job = await sources.claim({ owner, until: parseUnixMs(now + 600_000), now })
    if (job === undefined) throw new Error(`there is no job ${wanted.stage} of this file`)
    if (job.id === wanted.id && job.stage === wanted.stage) return job
    await sources.postpone({ id: job.id, owner }, parseUnixMs(now + 50))
  }
}

const ingestedOf = async (
  sources: SourceStore,
  { id, outcome, sha256 }: { id: string; outcome: JobOutcome; sha256: string | undefined },
): Promise<Ingested> => {
  if (outcome.kind === 'refused') return outcome
  const state = (await sources.item(id))?.state
  if (state?.kind !== 'published') throw new Error('the file was not published')
  const hash = outcome.kind === 'playable' ? outcome.sha256 : (sha256 ?? '')
  return { kind: 'done', sha256: hash, recordingId: ids.recording(hash), trackId: parseTrackId(state.track) }
}
