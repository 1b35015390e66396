import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { uploadLifetimeMs, uploadMetadataSchema } from '@tonestead/protocol/upload'
import { FileConfigstore, FileStore } from '@tus/file-store'
import { Upload } from '@tus/server'
import { z } from 'zod'
import type { FoundSource } from '../../ports/source-store.ts'
import type { StoredUpload, UploadStore } from '../../ports/upload-store.ts'

// <folder>/open/<id> and <id>.json while bytes arrive; <folder>/done/<id> when it is complete. The record is kept up to a day longer than the
// file in open/, so that a client that did not get the last response learns that the upload is complete.

type Folders = { readonly open: string; readonly done: string }

/** The path of an upload as a source file. */
const uploadScheme = 'upload:'
const idPattern = /^[0-9a-f]{32}$/
const recordSchema = z.object({
  id: z.string(),
  size: z.number(),
  metadata: uploadMetadataSchema.extend({ account: z.string() }),
  creation_date: z.string(),
})
type Record = z.infer<typeof recordSchema>

export const openFsUploadStore = async (folder: string): Promise<UploadStore> => {
  const folders = { open: join(folder, 'open'), done: join(folder, 'done') }
  for (const path of [folder, folders.open, folders.done]) await mkdir(path, { recursive: true, mode: 0o700 })
  const records = new FileConfigstore(folders.open)
  const recordOf = async (id: string): Promise<Record | undefined> =>
    idPattern.test(id) ? recordSchema.safeParse(await records.get(id)).data : undefined
  const find = async (id: string): Promise<StoredUpload | undefined> => {
    const record = await recordOf(id)
    return record === undefined ? undefined : storedUploadOf(record, folders)
  }
  return {
    parts: partsIn(folders, { records, recordOf }),
    find,
    list: async () =>
      (await Promise.all((await idsIn(folders.open)).map(find))).filter((upload) => upload !== undefined),
    setAside: async (id) => {
      const record = await recordOf(id)
      if (record === undefined) throw new Error(`there is no record of the upload ${id}`)
      return setAside(record, folders)
    },
    sweep: (now) => sweep(folders, now),
  }
}

const storedUploadOf = async (record: Record, folders: Folders): Promise<StoredUpload | undefined> => {
  const receivedBytes = (await sizeOf(join(folders.done, record.id))) ?? (await sizeOf(join(folders.open, record.id)))
  return receivedBytes === undefined
    ? undefined
    : {
        id: record.id,
        account: record.metadata.account,
        name: record.metadata.filename,
        isPublic: isPublic(record),
        sizeBytes: record.size,
        receivedBytes,
      }
}

type Records = { readonly records: FileConfigstore; readonly recordOf: (id: string) => Promise<Record | undefined> }

/** The tus library's store, extended so that it also finds the uploads in done/. */
const partsIn = (folders: Folders, { records, recordOf }: Records): FileStore => {
  const parts = new FileStore({
    directory: folders.open,
    configstore: records,
    expirationPeriodInMilliseconds: uploadLifetimeMs,
  })
  const getOpen = parts.getUpload.bind(parts)
  parts.getUpload = async (id) => {
    const record = await recordOf(id)
    const isDone = record !== undefined && (await sizeOf(join(folders.done, id))) !== undefined
    return isDone ? new Upload({ ...record, metadata: storedMetadata(record), offset: record.size }) : getOpen(id)
  }
  return parts
}

const isPublic = ({ metadata }: Record): boolean => metadata.public !== undefined

const storedMetadata = ({ metadata: { public: choice, ...others } }: Record) =>
  choice === undefined ? others : { ...others, public: choice }

const setAside = async (record: Record, folders: Folders): Promise<FoundSource> => {
  const { id, metadata } = record
  const [from, path] = [join(folders.open, id), join(folders.done, id)]
  if ((await sizeOf(path)) === undefined) {
    await syncPath(from)
    await rename(from, path)
    await syncFolder(folders.done)
    await syncFolder(folders.open)
  }
  const { size, mtimeMs } = await stat(path)
  return {
    path: uploadSourcePath(id),
    name: metadata.filename,
    sizeBytes: size,
    modifiedAtMs: Math.trunc(mtimeMs),
    isPublic: isPublic(record),
    pictureStamp: '',
    device: 0,
  }
}

/** The path of a source that was uploaded: it stays when the data folder is moved. */
export const uploadSourcePath = (id: string): string => `${uploadScheme}${id}`

/** The file of a source whose path is `upload:<id>`; undefined for other paths. */
export const fileOfUpload = (folder: string, path: string): string | undefined => {
  const id = path.startsWith(uploadScheme) ? path.slice(uploadScheme.length) : ''
  return idPattern.test(id) ? join(folder, 'done', id) : undefined
}

/** Goes by the time of the last write, not by the record: that may be truncated. */
const sweep = async (folders: Folders, now: number): Promise<void> => {
  for (const name of await readdir(folders.open)) {
    const path = join(folders.open, name)
    // Undefined when a request has moved or cancelled it meanwhile.
    const modifiedAtMs = (await statIfPresent(path))?.mtimeMs
    if (modifiedAtMs !== undefined && modifiedAtMs + uploadLifetimeMs < now) await rm(path, { force: true })
  }
}

const idsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))

const sizeOf = async (path: string): Promise<number | undefined> => (await statIfPresent(path))?.size

const statIfPresent = async (path: string) => {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

const syncPath = async (path: string): Promise<void> => {
  // On Windows only a writable file can be synced.
  await using file = await open(path, 'r+')
  await file.sync()
}

/** Windows cannot open folders; its file system journals names itself. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
