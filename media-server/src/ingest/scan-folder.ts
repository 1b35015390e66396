import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Dirent } from 'node:fs'
import type { FoundSource } from '../ports/source-store.ts'

export type Scan = {
  readonly found: readonly FoundSource[]
  /** Folders that could not be read completely: their files must not count as deleted. */ readonly unreadable: readonly string[]
  readonly isCut: boolean
}

/** Names of files that may contain audio. Other files in a music folder (pictures, logs, texts) are ignored. The content is checked later. */
const audioName =
  /\.(?:flac|fla|wave?|w64|rf64|bwf|aiff?|aifc|mp[123]|mpga|m4[abpr]|mp4|mov|alac|aac|adts|og[gaxm]|opus|spx|mk[av]|webm|caf|wv|ape|tta|wma|asf|dsf|mpc|mp\+|au|snd|dff|amr|ra|mid|midi)$/i
const maxDepth = 32
const maxFiles = 1_000_000

/** Lists the audio files below a folder. Links are not followed, hidden names are skipped; depth and number are limited. */
export const scanFolder = async (
  folder: string,
  options: { isPublic: boolean },
  signal: AbortSignal,
): Promise<Scan> => {
  const found: FoundSource[] = []
  const unreadable: string[] = []
  const waiting = [{ path: folder, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined && found.length < maxFiles; next = waiting.pop()) {
    signal.throwIfAborted()
    const { path: current, depth } = next
    const entries = await entriesOf(current)
    if (entries === undefined) unreadable.push(current)
    for (const entry of entries ?? []) {
      const path = join(current, entry.name)
      if (entry.isDirectory() && depth < maxDepth) waiting.push({ path, depth: depth + 1 })
      if (!isSource(entry)) continue
      const source = await describe(folder, path, options.isPublic)
      if (source === 'unreadable') unreadable.push(current)
      else if (source !== 'gone') found.push(source)
    }
  }
  return { found: found.slice(0, maxFiles), unreadable: [...new Set(unreadable)], isCut: found.length >= maxFiles }
}

/** Undefined when the folder cannot be read; the operator gets its name. */
const entriesOf = async (folder: string): Promise<readonly Dirent[] | undefined> => {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'))
  } catch {
    return undefined
  }
}

const isSource = (entry: Dirent): boolean => entry.isFile() && audioName.test(entry.name)

/** 'gone': the file was deleted during the scan. */
const describe = async (
  folder: string,
  path: string,
  isPublic: boolean,
): Promise<FoundSource | 'gone' | 'unreadable'> => {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, name: relative(folder, path), sizeBytes: size, modifiedAtMs: Math.trunc(mtimeMs), isPublic }
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : 'unreadable'
  }
}
