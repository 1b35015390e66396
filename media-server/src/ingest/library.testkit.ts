import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseChunkId, parseRecordingId } from '@tonestead/crdt/ids'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import type { Audience } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'
import { createReleaseDerivation } from '../catalog/derive-release.ts'
import { openFilePath } from '../platform/process/open-files.ts'
import { createSqliteStores, type OpenStores } from '../platform/sqlite/sqlite-stores.ts'
import { uploadedFilesIn } from '../platform/open-upload-store.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { createBoundedMap } from './bounded-map.ts'
import { createCatalogIds } from './catalog-ids.ts'
import { fakeMusicFile, fakeTagReader, fakeTranscoder, type FakeMusic } from './fake-music.testkit.ts'
import { createCoverFinder } from './find-cover.ts'
import { importFolder } from './import-folder.ts'
import { runIngestJob, type JobDeps } from './run-ingest-job.ts'
import { filesOnDisk, type ScannedFiles } from './scanned-files.ts'

// A library of real files that a fake transcoder encodes, in a real database: scans and jobs as the ingest worker performs them, one after the other.

const signal = new AbortController().signal
const ids = createCatalogIds(new Uint8Array(32).fill(9))
const { privateKey } = generateKeyPairSync('ed25519')
const catalogKey = await crypto.subtle.importKey(
  'pkcs8',
  privateKey.export({ type: 'pkcs8', format: 'der' }),
  'Ed25519',
  false,
  ['sign'],
)

/** Folders with music, and the files of uploads. Several servers may read it. */
export const makeMusic = async () => {
  const root = await mkdtemp(join(tmpdir(), 'tonestead-library-'))
  let written = 0
  /** A new modification time for each write, so that no change goes unnoticed because it was fast. */
  const stamp = async (path: string): Promise<void> => {
    written += 1
    await utimes(path, 1_700_000_000, 1_700_000_000 + written)
  }
  const uploads = new Map<string, { readonly name: string; readonly isPublic: boolean }>()
  return {
    root,
    uploads,
    pathOf: (name: string): string => join(root, name),
    write: async (name: string, content: FakeMusic | string): Promise<void> => {
      const path = join(root, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, typeof content === 'string' ? content : fakeMusicFile(content))
      await stamp(path)
    },
    upload: async (name: string, music: FakeMusic, isPublic = false): Promise<string> => {
      const id = randomBytes(16).toString('hex')
      const folder = join(root, '.data/uploads/done')
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, id), fakeMusicFile(music))
      await stamp(join(folder, id))
      uploads.set(id, { name, isPublic })
      return id
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}
export type Music = Awaited<ReturnType<typeof makeMusic>>

export type GivenFolder = { readonly name: string; readonly isPublic: boolean }

/** Thrown by the call of a store at which the server is killed. */
class Killed extends Error {}

/** A server with a data folder of its own. `unreadable`: names of folders that cannot be read now. */
export const openLibrary = async (
  music: Music,
  unreadable: ReadonlySet<string> = new Set(),
  tools: Partial<Pick<JobDeps, 'transcoder' | 'tags'>> = {},
) => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-library-data-'))
  const work = join(data, 'work')
  await mkdir(work)
  const memory = createObjectMemory()
  let at = 1_700_000_000_000
  const now = (): UnixMs => parseUnixMs((at += 10))
  let stores = openStores(data)
  let callsLeft = Number.POSITIVE_INFINITY
  const mayDie = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return (...args: unknown[]): unknown => {
          callsLeft -= 1
          if (callsLeft < 0) throw new Killed()
          return Reflect.apply(method, target, args)
        }
      },
    })
  const fileOf = uploadedFilesIn(join(music.root, '.data'))
  const jobDeps = (): JobDeps => ({
    ...memory,
    catalog: mayDie(stores.catalog),
    contentKeys: mayDie(stores.contentKeys),
    transcoder: fakeTranscoder,
    tags: fakeTagReader,
    ...tools,
    openFilePath,
    ids,
    catalogKey,
    clock: clockOf(now),
    workFolder: work,
    memory: createBoundedMap(100),
  })
  const restart = async (): Promise<void> => {
    await stores.close()
    stores = openStores(data)
    callsLeft = Number.POSITIVE_INFINITY
    // The leases of the killed worker have ended.
    at += 3_600_000
  }
  /** Performs work; when it is killed, starts the server again. Returns whether it ended. */
  const survive = async (killAt: number | undefined, run: () => Promise<void>): Promise<boolean> => {
    callsLeft = killAt ?? Number.POSITIVE_INFINITY
    try {
      await run()
      callsLeft = Number.POSITIVE_INFINITY
      return true
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      await restart()
      return false
    }
  }
  const files = filesWithout(music, unreadable)
  return {
    data,
    stores: () => stores,
    restart,
    /** As at the start of the worker: other folders are dropped, then all are scanned. */
    scan: (folders: readonly GivenFolder[], killAt?: number) =>
      survive(killAt, async () => {
        const sources = mayDie(stores.sources)
        const given = folders.map((folder) => ({ path: music.pathOf(folder.name), isPublic: folder.isPublic }))
        const paths = given.map((folder) => folder.path)
        await sources.keepFolders(paths, now())
        for (const folder of given) {
          const without = paths.filter((path) => path !== folder.path)
          await importFolder({ sources, files, clock: clockOf(now) }, { ...folder, without }, signal)
        }
      }),
    addUploads: async (): Promise<void> => {
      for (const [id, { name, isPublic }] of music.uploads) {
        const { size, mtimeMs } = await stat(fileOf(`upload:${id}`))
        const source = { sizeBytes: size, modifiedAtMs: Math.trunc(mtimeMs), pictureStamp: '', device: 0 }
        await stores.sources.add({ ...source, path: `upload:${id}`, name, isPublic }, now())
      }
    },
    /** Performs at most so many jobs. */
    work: (jobs = Number.POSITIVE_INFINITY, killAt?: number) =>
      survive(killAt, async () => {
        const [sources, deps] = [mayDie(stores.sources), jobDeps()]
        for (let done = 0; done < jobs; done += 1) {
          const instant = now()
          const job = await sources.claim({ owner: 'w', until: parseUnixMs(instant + 60_000), now: instant })
          if (job === undefined) return
          const context = { signal, onStep: () => undefined }
          const outcome = await runIngestJob(deps, { ...job, path: fileOf(job.path) }, context)
          await sources.finish({ id: job.id, owner: 'w', stage: job.stage }, outcome, now())
        }
      }),
    confirm: () => stores.sources.withdrawHeld(now()),
    /** Queries the database file beside the stores. */
    query: (sql: string): Record<string, unknown>[] => {
      const database = new DatabaseSync(join(data, 'catalog.sqlite'), { readOnly: true })
      const rows = database.prepare(sql).all()
      database.close()
      return rows
    },
    close: async (): Promise<void> => {
      await stores.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}
export type Library = Awaited<ReturnType<typeof openLibrary>>

const openStores = (data: string): OpenStores => {
  const database = new DatabaseSync(join(data, 'catalog.sqlite'))
  // Nothing here is about power failures, and a history takes a tenth of the time.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  return createSqliteStores(database, {
    instanceKey: new Uint8Array(32).fill(7),
    at: 1,
    derive: createReleaseDerivation(ids),
  })
}

const clockOf = (now: () => UnixMs): JobDeps['clock'] => ({
  now,
  after: () => Promise.reject(new Error('nothing here waits')),
})

const filesWithout = (music: Music, unreadable: ReadonlySet<string>): ScannedFiles => ({
  ...filesOnDisk,
  readFolder: (path) =>
    [...unreadable].some((name) => music.pathOf(name) === path)
      ? Promise.resolve(undefined)
      : filesOnDisk.readFolder(path),
})

const createObjectMemory = () => {
  const objectBytes = new Map<string, Bytes>()
  const lists = new Map<string, Bytes>()
  const objects: ObjectStore = {
    put: (bytes) => {
      const id = createHash('sha256').update(bytes).digest('hex')
      objectBytes.set(id, bytes)
      return Promise.resolve(parseChunkId(id))
    },
    get: (id) => Promise.resolve(objectBytes.get(id)),
    sizeOf: (id) => Promise.resolve(objectBytes.get(id)?.length),
    check: (id) => Promise.resolve(objectBytes.has(id) ? 'sound' : 'missing'),
    setAside: (id) => Promise.resolve(void objectBytes.delete(id)),
    delete: (id) => Promise.resolve(void objectBytes.delete(id)),
    freeBytes: () => Promise.resolve(1e12),
  }
  const masters: MasterStore = {
    put: (id, list) => Promise.resolve(void lists.set(id, list)),
    get: (id) => Promise.resolve(lists.get(id)),
    list: () => Promise.resolve([...lists.keys()].map(parseRecordingId)),
  }
  const covers = createCoverFinder({
    covers: { put: () => Promise.resolve(), get: () => Promise.resolve(undefined) },
    openFilePath,
    pictures: { make: () => Promise.resolve({ pictures: [], color: '#336699' }) },
    onFault: (message, cause) => {
      throw new Error(message, { cause })
    },
  })
  return { objects, masters, covers }
}

const page = { limit: 200, sort: 'name' } as const

/** Everything that an audience sees, without what differs between servers: times, and heads, which contain random keys. */
export const readCatalog = async (library: Library, audience: Audience) => {
  const { catalog } = library.stores()
  const releases = await Promise.all(
    (await catalog.releases(page, audience)).items.map(({ id }) => catalog.release(id, audience)),
  )
  const artists = (await catalog.artists(page, audience)).items
  const tracks = (await catalog.tracks(page, audience)).items
  return JSON.parse(
    JSON.stringify(
      { releases: releases.toSorted((a, b) => ((a?.id ?? '') < (b?.id ?? '') ? -1 : 1)), artists, tracks },
      (key, value: unknown) => (key === 'addedAt' || key === 'heads' ? undefined : value),
    ),
  ) as {
    releases: {
      id: string
      title: string
      unreachable?: string[]
      tracks: { id: string; title: string; recordingId: string }[]
    }[]
    artists: { id: string; name: string }[]
    tracks: { id: string; title: string; recordingId: string }[]
  }
}

/** Public tracks without a public file, and tracks without any: there must never be one. */
export const ghostsIn = (library: Library): readonly unknown[] =>
  library.query(`
    select id from tracks where not exists (select 1 from sources where track_id = tracks.id and is_gone = 0)
    or (is_public = 1 and not exists (select 1 from sources where track_id = tracks.id and is_gone = 0 and is_public = 1))`)

/** Deletes the folder's files, and leaves the folder. */
export const emptyFolder = async (path: string): Promise<void> => {
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true })
}
