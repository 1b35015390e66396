import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { sniffFormat } from '../encoding/sniff-format.ts'
import type { SourceJob } from '../ports/source-store.ts'
import type { Refused, SourceFormat } from '../ports/transcoder.ts'

const maxSourceBytes = 16 * 1024 * 1024 * 1024
const hashBufferBytes = 512 * 1024

export type OpenedSource =
  | {
      readonly kind: 'opened'
      readonly format: SourceFormat
      readonly sha256: string
      readonly sizeBytes: number
      readonly modifiedAtMs: number
    }
  | Refused

/** Reads a file's first bytes and its hash. A file that cannot be read is refused with the reason; this never rejects, except when the signal aborts. */
export const openSource = async (job: Pick<SourceJob, 'path'>, signal: AbortSignal): Promise<OpenedSource> => {
  try {
    await using file = await open(job.path, 'r')
    const { size, mtimeMs, isFile } = await statOf(file)
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
    }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'refused', code: 'unreadable', detail: readableReason(error) }
  }
}

const statOf = async (file: FileHandle) => {
  const stats = await file.stat()
  return { size: stats.size, mtimeMs: stats.mtimeMs, isFile: stats.isFile() }
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

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'The file does not exist any more.',
  EACCES: 'The server has no permission to read it.',
  EPERM: 'The server has no permission to read it.',
  EIO: 'The disk reports an error.',
  ELOOP: 'The link points to itself.',
}
const readableReason = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `The system reports ${code === '' ? 'an unknown error' : code}.`
}

/** Whether the file is still the one that was hashed: audio from other bytes must not be published as this recording. */
export const isUnchanged = async (
  path: string,
  opened: { sizeBytes: number; modifiedAtMs: number },
): Promise<boolean> => {
  try {
    await using file = await open(path, 'r')
    const { size, mtimeMs } = await statOf(file)
    return size === opened.sizeBytes && mtimeMs === opened.modifiedAtMs
  } catch {
    // Expected when the file was deleted or cannot be read any more: the job is refused with that reason.
    return false
  }
}
