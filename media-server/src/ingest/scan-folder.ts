import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Dirent } from 'node:fs'
import type { FoundSource } from '../ports/source-store.ts'

export type Scan = {
  readonly found: readonly FoundSource[]
  /** Folders that could not be read: their files must not count as deleted. */ readonly unreadable: readonly string[]
  readonly isCut: boolean
}

/** Names that may hold sound. Anything else in a music folder (pictures, logs, texts) is passed over without a word; what is inside decides later. */
const audioName =
  /\.(?:flac|fla|wave?|w64|rf64|bwf|aiff?|aifc|mp[123]|mpga|m4[abpr]|mp4|mov|alac|aac|adts|og[gaxm]|opus|spx|mk[av]|webm|caf|wv|ape|tta|wma|asf|dsf|mpc|mp\+|au|snd|dff|amr|ra|mid|midi)$/i
const maxDepth = 32
const maxFiles = 1_000_000

/** Walks a folder without following links; hidden names are skipped. Bounded in depth and number. */
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
      else if (isSource(entry)) found.push(...(await describe(folder, path, options.isPublic)))
    }
  }
  return { found: found.slice(0, maxFiles), unreadable, isCut: found.length >= maxFiles }
}

/** Undefined when the folder cannot be read. */
const entriesOf = async (folder: string): Promise<readonly Dirent[] | undefined> => {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'))
  } catch {
    return undefined
  }
}

const isSource = (entry: Dirent): boolean => entry.isFile() && audioName.test(entry.name)

/** Nothing when it vanished meanwhile. */
const describe = async (folder: string, path: string, isPublic: boolean): Promise<FoundSource[]> => {
  try {
    const { size, mtimeMs } = await stat(path)
    return [{ path, name: relative(folder, path), sizeBytes: size, modifiedAtMs: Math.trunc(mtimeMs), isPublic }]
  } catch {
    return []
  }
}
