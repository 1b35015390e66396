import { constants, open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { OpenFilePath } from '../ports/open-file-path.ts'

/** `name` is the end of `path` below the imported folder, or, for an upload, a name for people. */
export type PlacedFile = { readonly path: string; readonly name: string }

/** A disk or network drive that takes longer is broken. */
const openTimeoutMs = 30_000
/** Not defined on Windows. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0
const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0

/** Thrown for a file that is a link, or below one. What a link leads to may be outside the folder that was given. */
export class FileIsLink extends Error {}
/** Thrown for a file that does not open in time. */
export class OpenTimeout extends Error {}
/** Thrown for a file that was moved, or reached through a link, while it was opened. */
export class FileMoved extends Error {}

/**
 * Opens a file below an imported folder, without following links and without waiting for the other end of a FIFO. Where `openFilePath` knows it, it makes sure that the
 * file that is open now is in that place, so a link that was there only for a moment is noticed too. The caller closes it.
 */
export const openInPlace = async (
  placed: PlacedFile,
  openFilePath: OpenFilePath,
  signal: AbortSignal,
): Promise<FileHandle> => {
  const real = await realPathOf(placed)
  const file = await openInTime(placed.path, signal)
  try {
    const now = real === undefined ? undefined : await openFilePath(file.fd)
    if (real === undefined || now === undefined || fold(now) === fold(real)) return file
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  throw new FileMoved('a source file was moved while it was opened')
}

/** Undefined for an upload. Throws when a folder between the imported folder and the file has become a link since the scan. */
const realPathOf = async ({ path, name }: PlacedFile): Promise<string | undefined> => {
  if (!path.endsWith(`${sep}${name}`)) return undefined
  const root = await realpath(path.slice(0, path.length - name.length))
  if ((await realpath(dirname(path))) !== join(root, dirname(name))) throw new FileIsLink('a folder is a link')
  return join(root, name)
}

/** File systems that ignore capitals or normalize names may report a name in another form than the folder does. */
const fold = (path: string): string => path.normalize().toLowerCase()

const openInTime = async (path: string, signal: AbortSignal): Promise<FileHandle> => {
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
    throw error instanceof Error && 'code' in error && error.code === 'ELOOP'
      ? new FileIsLink('the file is a link', { cause: error })
      : error
  } finally {
    ended.abort()
  }
}
