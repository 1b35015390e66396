import { createHash } from 'node:crypto'
import { constants, open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sniffFormat } from '../encoding/sniff-format.ts'
import type { SourceJob } from '../ports/source-store.ts'
import type { Refused, SourceFormat } from '../ports/transcoder.ts'

const maxSourceBytes = 16 * 1024 * 1024 * 1024
const hashBufferBytes = 512 * 1024
/** A disk or network drive that takes longer is broken. */
const openTimeoutMs = 30_000
/** Not defined on Windows. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0
const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0

/** `inode` and the rest tell whether a path still leads to the file that was hashed. */
export type OpenedSource =
  | {
      readonly kind: 'opened'
      readonly format: SourceFormat
      readonly sha256: string
      readonly sizeBytes: number
      readonly modifiedAtMs: number
      readonly inode: number
    }
  | Refused

/**
 * Reads a file's first bytes and its hash. Links are not followed: what they lead to may be outside the folder that was given. A file that cannot be
 * read is refused with the reason. Rejects when the signal aborts, and when the file does not open in time.
 */
export const openSource = async (job: Pick<SourceJob, 'path' | 'name'>, signal: AbortSignal): Promise<OpenedSource> => {
  try {
    if (await isBelowLink(job)) return throughLink
    await using file = await openRegularFile(job.path, signal)
    const { size, mtimeMs, ino, isFile } = await statOf(file)
    if (!isFile) return { kind: 'refused', code: 'not-audio', detail: 'This is not a regular file.' }
    if (size > maxSourceBytes) return { kind: 'refused', code: 'too-large' }
    const sniffed = await sniffFormat({ sizeBytes: size, read: (offset, length) => readAt(file, offset, length) })
    if (sniffed.kind === 'refused') return sniffed
    return {
      kind: 'opened',
      format: sniffed.format,
      sha256: await hashOf(file, signal),
      sizeBytes: size,
      modifiedAtMs: mtimeMs,
      inode: ino,
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OpenTimeout) throw error
    return codeOf(error) === 'ELOOP'
      ? throughLink
      : { kind: 'refused', code: 'unreadable', detail: readableReason(error) }
  }
}

const throughLink: Refused = { kind: 'refused', code: 'not-audio', detail: 'This is a link. Links are not followed.' }

class OpenTimeout extends Error {}

/** Opens without following a link and without waiting for the other end of a FIFO. */
const openRegularFile = async (path: string, signal: AbortSignal): Promise<FileHandle> => {
  const opening = open(path, constants.O_RDONLY | noFollow | nonBlocking)
  const ended = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    const timer = setTimeout(reject, openTimeoutMs, new OpenTimeout('a source file did not open in time'))
    const stop = (): void => {
      reject(new Error('stopped while a source file was opened', { cause: signal.reason }))
    }
    signal.addEventListener('abort', stop, { once: true, signal: ended.signal })
    ended.signal.addEventListener('abort', () => {
      clearTimeout(timer)
    })
  })
  try {
    return await Promise.race([opening, stopped])
  } catch (error) {
    opening.then(
      (late) => late.close(),
      // The failure to open is the error that is thrown here, or comes after nobody waits for the file.
      () => undefined,
    )
    throw error
  } finally {
    ended.abort()
  }
}

/** Whether a folder between the imported folder and the file has become a link since the scan. */
const isBelowLink = async ({ path, name }: Pick<SourceJob, 'path' | 'name'>): Promise<boolean> => {
  // The name of an upload is no part of its path.
  if (!path.endsWith(name)) return false
  const root = path.slice(0, path.length - name.length)
  return (await realpath(dirname(path))) !== join(await realpath(root), dirname(name))
}

const statOf = async (file: FileHandle) => {
  const stats = await file.stat()
  return { size: stats.size, mtimeMs: stats.mtimeMs, ino: stats.ino, isFile: stats.isFile() }
}

const readAt = async (file: FileHandle, offset: number, length: number): Promise<Uint8Array> => {
  const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}

/** Uses one buffer for the whole file: with a new one for every read, garbage collection takes longer than hashing. */
const hashOf = async (file: FileHandle, signal: AbortSignal): Promise<string> => {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(hashBufferBytes)
  for (let position = 0; ;) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'The file does not exist any more.',
  EACCES: 'The server has no permission to read it.',
  EPERM: 'The server has no permission to read it.',
  EIO: 'The disk reports an error.',
}
const readableReason = (error: unknown): string => {
  const code = codeOf(error)
  return reasons[code] ?? `The system reports ${code === '' ? 'an unknown error' : code}.`
}

/** Whether the file is still the one that was hashed: audio from other bytes must not be published as this recording. */
export const isUnchanged = async (
  path: string,
  opened: { sizeBytes: number; modifiedAtMs: number; inode: number },
): Promise<boolean> => {
  try {
    await using file = await open(path, constants.O_RDONLY | noFollow | nonBlocking)
    const { size, mtimeMs, ino, isFile } = await statOf(file)
    return isFile && size === opened.sizeBytes && mtimeMs === opened.modifiedAtMs && ino === opened.inode
  } catch {
    // Expected when the file was deleted or cannot be read any more: the job is refused with that reason.
    return false
  }
}
