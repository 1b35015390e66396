import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, stat } from 'node:fs/promises'
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
import { createTagReader } from '../platform/tags/tag-reader.client.ts'
import type { JobOutcome, SourceJob, Stage } from '../ports/source-store.ts'
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

/** Ingest with the real adapters in a new folder. */
export const openIngest = async (transcoder: Transcoder) => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-ingest-'))
  const workFolder = join(data, 'work')
  await mkdir(workFolder)
  const stores = openSqliteStores({
    path: join(data, 'catalog.sqlite'),
    instanceKey: new Uint8Array(32).fill(7),
    at: Date.now(),
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
  const ids = createCatalogIds(new Uint8Array(32).fill(9))
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
      onFault: (message, cause) => {
        throw new Error(message, { cause })
      },
    }),
    ids,
    catalogKey,
    clock: systemClock,
    workFolder,
    memory: createBoundedMap<JobMemory>(100),
  }
  return {
    ...deps,
    data,
    publicKey,
    sources,
    coverStore: covers,
    ingest: async (path: string, stage: Stage = 'playable', name = basename(path)): Promise<JobOutcome> => {
      const { size, mtimeMs } = await stat(path)
      const job: SourceJob = {
        id: 'job',
        path,
        name,
        sizeBytes: size,
        modifiedAtMs: mtimeMs,
        isPublic: false,
        stage,
        attempt: 1,
        sha256: undefined,
      }
      return runIngestJob(deps, job, { signal: new AbortController().signal, onStep: () => undefined })
    },
    close: async (): Promise<void> => {
      tags.stop()
      pictures.stop()
      await stores.close()
    },
  }
}
