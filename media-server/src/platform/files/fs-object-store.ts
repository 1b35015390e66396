import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseChunkId, type ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { ObjectStore } from '../../ports/object-store.ts'

// <folder>/ab/cd/<64 hex>; files under way are in <folder>/tmp, on the same file system, so that a rename is atomic.

/** Opens the store; what an interrupted run left half-written is swept. */
export const openFsObjectStore = async (folder: string): Promise<ObjectStore> => {
  const temporary = join(folder, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await makeFirstFolders(folder)
  const known = new Set<string>()
  const pathOf = (id: ChunkId): string => join(folder, id.slice(0, 2), id.slice(2, 4), id)
  const sizeOf = async (id: ChunkId): Promise<number | undefined> => (await absentAsUndefined(stat(pathOf(id))))?.size

  const put = async (bytes: Bytes, signal: AbortSignal): Promise<ChunkId> => {
    const id = parseChunkId(createHash('sha256').update(bytes).digest('hex'))
    if (statSync(pathOf(id), { throwIfNoEntry: false })?.size === bytes.length) return id
    signal.throwIfAborted()
    const aside = join(temporary, `${id}-${randomBytes(6).toString('hex')}`)
    try {
      await writeSynced(aside, bytes)
      await placeSynced(aside, pathOf(id), known)
    } catch (error) {
      await rm(aside, { force: true })
      throw asProblem(error)
    }
    return id
  }

  return {
    put,
    sizeOf,
    get: async (id, signal) => {
      const read = await absentAsUndefined(readFile(pathOf(id), { signal }))
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

// Only syncing waits for the disk. The small calls around it go straight to the kernel's cache: handing each to a thread and back costs ten times its work.

const writeSynced = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    await synced(file)
  } finally {
    closeSync(file)
  }
}

/** All 256 of them once, synced together, so that no object has to wait for its folder's folder's name. */
const makeFirstFolders = async (root: string): Promise<void> => {
  const there = new Set(await readdir(root))
  const names = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
  for (const name of names) if (!there.has(name)) await mkdir(join(root, name), { recursive: true })
  await syncFolder(root)
}

/** A name is durable only when its folder is synced, and a folder when its own is. `known`: folders whose parents were synced since the start. */
const placeSynced = async (from: string, to: string, known: Set<string>): Promise<void> => {
  const parent = join(to, '..')
  const isKnown = known.has(parent)
  if (!isKnown) mkdirSync(parent, { recursive: true })
  renameSync(from, to)
  await Promise.all([syncFolder(parent), ...(isKnown ? [] : [syncFolder(join(parent, '..'))])])
  known.add(parent)
}

/** Windows cannot open folders; its file system journals names by itself. */
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

const absentAsUndefined = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}
