import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'

/** Writes a temporary file, syncs it, renames it and syncs the folder: the file is complete or does not exist. Parts are written one after the other. */
export const writeFileAtomically = async (path: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> => {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await using file = await open(temporary, 'wx', 0o600)
    await file.writeFile(bytes)
    await file.sync()
    await rename(temporary, path)
    await using folder = await open(dirname(path), 'r')
    await folder.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw codeOf(error) === 'ENOSPC' ? new ProblemError('storage-full', undefined, { cause: error }) : error
  }
}

/** Undefined when the file does not exist. */
export const readFileIfThere = async (path: string): Promise<Bytes | undefined> => {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
