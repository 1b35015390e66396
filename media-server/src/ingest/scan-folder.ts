import { join, relative } from 'node:path'
import type { FolderScan, FoundSource } from '../ports/source-store.ts'
import { chooseFolderPicture } from './find-cover.ts'
import type { FolderEntry, ScannedFiles } from './scanned-files.ts'

/** Names of files that may contain audio. Other files in a music folder (pictures, logs, texts) are ignored. The content is checked later. */
const audioName =
  /\.(?:flac|fla|wave?|w64|rf64|bwf|aiff?|aifc|mp[123]|mpga|m4[abpr]|mp4|mov|alac|aac|adts|og[gaxm]|opus|spx|mk[av]|webm|caf|wv|ape|tta|wma|asf|dsf|mpc|mp\+|au|snd|dff|amr|ra|mid|midi)$/i
const maxDepth = 32
const maxFiles = 1_000_000

/** A folder to scan. `without`: folders inside it that are imported on their own. */
export type ScannedFolder = { readonly path: string; readonly isPublic: boolean; readonly without: readonly string[] }

type Scanning = {
  readonly files: ScannedFiles
  readonly folder: ScannedFolder
  readonly found: FoundSource[]
  readonly unreadable: Set<string>
  readonly empty: string[]
  readonly devices: Map<string, number>
}

/**
 * Lists the audio files below a folder. Links are not followed, hidden names are skipped; depth and number are limited. A folder that changes
 * while it is read, or that has more files than the limit, counts as unreadable: what is missing in it is not gone.
 */
export const scanFolder = async (
  files: ScannedFiles,
  folder: ScannedFolder,
  signal: AbortSignal,
): Promise<FolderScan> => {
  const scanning: Scanning = { files, folder, found: [], unreadable: new Set(), empty: [], devices: new Map() }
  const waiting = [{ path: folder.path, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal.throwIfAborted()
    const { path, depth } = next
    if (scanning.found.length >= maxFiles) {
      scanning.unreadable.add(folder.path)
      break
    }
    for (const name of await readFolder(scanning, path)) {
      const below = join(path, name)
      if (depth < maxDepth && !folder.without.includes(below)) waiting.push({ path: below, depth: depth + 1 })
    }
  }
  const { found, unreadable, empty, devices } = scanning
  return { folder: folder.path, found, unreadable: [...unreadable], empty, devices }
}

/** Adds the files of one folder and returns the names of the folders in it. */
const readFolder = async (scanning: Scanning, path: string): Promise<readonly string[]> => {
  const read = await scanning.files.readFolder(path)
  if (read === undefined) {
    scanning.unreadable.add(path)
    return []
  }
  scanning.devices.set(path, read.device)
  if (read.entries.length === 0) scanning.empty.push(path)
  const entries = read.entries.filter((entry) => !entry.name.startsWith('.'))
  const pictureStamp = await pictureStampOf(scanning.files, path, entries)
  for (const entry of entries.filter((file) => file.kind === 'file' && audioName.test(file.name))) {
    const file = await scanning.files.stampOf(join(path, entry.name))
    if (file === undefined) scanning.unreadable.add(path)
    else scanning.found.push({ ...file, ...namesOf(scanning.folder, join(path, entry.name)), pictureStamp })
  }
  return entries.filter((entry) => entry.kind === 'folder').map((entry) => entry.name)
}

const namesOf = (folder: ScannedFolder, path: string) => ({
  path,
  name: relative(folder.path, path),
  isPublic: folder.isPublic,
})

const pictureStampOf = async (
  files: ScannedFiles,
  folder: string,
  entries: readonly FolderEntry[],
): Promise<string> => {
  const chosen = chooseFolderPicture(entries.filter((entry) => entry.kind === 'file').map((entry) => entry.name))
  const stamp = chosen === undefined ? undefined : await files.stampOf(join(folder, chosen))
  return chosen === undefined || stamp === undefined ? '' : `${chosen}/${stamp.sizeBytes}/${stamp.modifiedAtMs}`
}
