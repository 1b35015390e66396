import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseChunkId, type ChunkId } from '@tonestead/crdt/ids'
import { toHex, type Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { ObjectStore } from '../../ports/object-store.ts'

// <folder>/ab/cd/<64 hex>. Files are written in <folder>/tmp, on the same file system, so that the rename is atomic.

/** Opens the store and deletes incomplete files of an interrupted run, unless another process may be writing: `isShared`. */
export const openFsObjectStore = async (folder: string, { isShared = false } = {}): Promise<ObjectStore> => {
  const temporary = join(folder, 'tmp')
  if (!isShared) await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await makeFirstFolders(folder)
  const syncedParents = new Set<string>()
  const pathOf = (id: ChunkId): string => join(folder, id.slice(0, 2), id.slice(2, 4), id)
  const sizeOf = async (id: ChunkId): Promise<number | undefined> => (await undefinedIfMissing(stat(pathOf(id))))?.size

  const put = async (bytes: Bytes, signal: AbortSignal): Promise<ChunkId> => {
    const id = parseChunkId(sha256(bytes))
    // The hash and not only the size: after a fault of the disk this is how the object gets its bytes again.
    const isThere = statSync(pathOf(id), { throwIfNoEntry: false })?.size === bytes.length
    if (isThere && (await hashOf(pathOf(id), signal)) === id) return id
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
      if (read === undefined) return undefined
      if (sha256(read) !== id)
        throw new ProblemError('chunk-damaged', 'Its bytes have changed on the disk of the server.')
      return new Uint8Array(read.buffer, read.byteOffset, read.length)
    },
    check: async (id, signal) => {
      const found = await hashOf(pathOf(id), signal)
      if (found === undefined) return 'missing'
      return found === id ? 'sound' : 'damaged'
    },
    setAside: async (id) => {
      await mkdir(join(folder, 'damaged'), { recursive: true })
      await undefinedIfMissing(rename(pathOf(id), join(folder, 'damaged', id)))
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

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Of a file; undefined when it does not exist. Web Crypto hashes on another thread, so that nobody waits for it. */
const hashOf = async (path: string, signal: AbortSignal): Promise<string | undefined> => {
  const bytes = await undefinedIfMissing(readFile(path, { signal }))
  return bytes === undefined ? undefined : toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
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
