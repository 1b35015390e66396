import { createHash } from 'node:crypto'
import { lstat, type FileHandle } from 'node:fs/promises'
import { sniffFormat } from '../encoding/sniff-format.ts'
import type { OpenFilePath } from '../ports/open-file-path.ts'
import type { Refused, SourceFormat } from '../ports/transcoder.ts'
import { FileIsLink, FileMoved, openInPlace, OpenTimeout, type PlacedFile } from './open-in-place.ts'

const maxSourceBytes = 16 * 1024 * 1024 * 1024
const hashBufferBytes = 512 * 1024

/** A source file that is open. Its holder closes it. */
type Opened = {
  readonly kind: 'opened'
  readonly format: SourceFormat
  readonly sha256: string
  readonly file: FileHandle
  /** False when its bytes have changed since it was hashed, or its own path leads to another file by now. */
  isUnchanged(): Promise<boolean>
}
export type OpenedSource = Opened | Refused

/**
 * Opens a file and reads its first bytes and its hash. A file that cannot be read is refused with the reason. Rejects when the signal aborts, and when the
 * file does not open in time.
 */
export const openSource = async (
  placed: PlacedFile,
  openFilePath: OpenFilePath,
  signal: AbortSignal,
): Promise<OpenedSource> => {
  try {
    const file = await openInPlace(placed, openFilePath, signal)
    try {
      const source = await inspect(file, signal)
      if (source.kind === 'opened')
        return {
          ...source,
          file,
          isUnchanged: () => isUnchanged(placed.path, file, source.stamp),
        }
      await file.close()
      return source
    } catch (error) {
      await file.close()
      throw error
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OpenTimeout) throw error
    return error instanceof FileIsLink ? throughLink : refusedBy(error)
  }
}

const throughLink: Refused = { kind: 'refused', code: 'not-audio', detail: 'This is a link. Links are not followed.' }

export const changedWhileRead: Refused = {
  kind: 'refused',
  code: 'unreadable',
  detail: 'The file changed while it was read. The next scan will add it again.',
}

const inspect = async (file: FileHandle, signal: AbortSignal) => {
  const stats = await file.stat({ bigint: true })
  if (!stats.isFile())
    return { kind: 'refused', code: 'not-audio', detail: 'This is not a regular file.' } satisfies Refused
  if (stats.size > maxSourceBytes) return { kind: 'refused', code: 'too-large' } satisfies Refused
  const sizeBytes = Number(stats.size)
  const sniffed = await sniffFormat({ sizeBytes, read: (offset, length) => readAt(file, offset, length) })
  if (sniffed.kind === 'refused') return sniffed
  const sha256 = await hashOf(file, signal)
  return { kind: 'opened', format: sniffed.format, sha256, stamp: stampOf(stats) } as const
}

/** Tells whether it is the same file with the same bytes. */
const stampOf = ({ dev, ino, size, mtimeNs }: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string =>
  [dev, ino, size, mtimeNs].join('/')

const isUnchanged = async (path: string, file: FileHandle, stamp: string): Promise<boolean> => {
  try {
    const [held, named] = [await file.stat({ bigint: true }), await lstat(path, { bigint: true })]
    return stampOf(held) === stamp && stampOf(named) === stamp
  } catch {
    // Expected when the file was deleted or cannot be read any more: the job is refused with that reason.
    return false
  }
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
}
const refusedBy = (error: unknown): Refused => {
  if (error instanceof FileMoved) return changedWhileRead
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = reasons[code] ?? `The system reports ${code === '' ? 'an unknown error' : code}.`
  return { kind: 'refused', code: 'unreadable', detail }
}
