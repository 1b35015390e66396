import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseChunkId, type ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { ObjectStore } from '../../ports/object-store.ts'

// <folder>/ab/cd/<64 hex>. Files are written in <folder>/tmp, on the same file system, so that the rename is atomic.

/** Opens the store and deletes incomplete files of an interrupted run. */
export const openFsObjectStore = async (folder: string): Promise<ObjectStore> => {
  const temporary = join(folder, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await makeFirstFolders(folder)
  const syncedParents = new Set<string>()
  const pathOf = (id: ChunkId): string => join(folder, id.slice(0, 2), id.slice(2, 4), id)
  const sizeOf = async (id: ChunkId): Promise<number | undefined> => (await undefinedIfMissing(stat(pathOf(id))))?.size

  const put = async (bytes: Bytes, signal: AbortSignal): Promise<ChunkId> => {
    const id = parseChunkId(createHash('sha256').update(bytes).digest('hex'))
    if (statSync(pathOf(id), { throwIfNoEntry: false })?.size === bytes.length) return id
    signal.throwIfAborted()
    const file = join(temporary, `${id}-${randomBytes(6).toString('hex')}`)
    try {
      await writeSynced(file, bytes)
      await placeSynced(file, pathOf(id), syncedParents)
    } catch (error) {
      await rm(file, { force: true })
      throw asProblem(error)
    }
    return id
  }

  return {
    put,
    sizeOf,
    get: async (id, signal) => {
      const read = await undefinedIfMissing(readFile(pathOf(id), { signal }))
      return read === undefined ? undefined : new Uint8Array(read.buffer, read.byteOffset, read.length)
    },
    delete: async (id) => {
      await rm(pathOf(id), { force: true })
    },
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

const synced = promisify(fsync)

// Only the sync waits for the disk. The other calls end in the kernel's cache, so they are synchronous: a switch to another thread takes ten times as long as the call.

const writeSynced = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    await synced(file)
  } finally {
    closeSync(file)
  }
}

/** Creates all 256 first-level folders and syncs them together, so that no object has to wait for that. */
const makeFirstFolders = async (root: string): Promise<void> => {
  const existing = new Set(await readdir(root))
  const names = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
  for (const name of names) if (!existing.has(name)) await mkdir(join(root, name), { recursive: true })
  await syncFolder(root)
}

/** A file name is durable only when its folder is synced, and a folder only when its parent is. `known`: folders whose parents have been synced since the start. */
const placeSynced = async (from: string, to: string, known: Set<string>): Promise<void> => {
  const parent = join(to, '..')
  const isKnown = known.has(parent)
  if (!isKnown) mkdirSync(parent, { recursive: true })
  renameSync(from, to)
  await Promise.all([syncFolder(parent), ...(isKnown ? [] : [syncFolder(join(parent, '..'))])])
  known.add(parent)
}

/** Windows cannot open folders; its file system journals names itself. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    await synced(folder)
  } finally {
    closeSync(folder)
  }
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

const asProblem = (error: unknown): unknown =>
  hasCode(error, 'ENOSPC', 'EDQUOT')
    ? new ProblemError('storage-full', 'The disk of the server is full; nothing was stored.', { cause: error })
    : error

const undefinedIfMissing = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}
