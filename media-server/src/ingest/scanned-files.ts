import { lstat, readdir } from 'node:fs/promises'
import type { Dirent } from 'node:fs'

export type FolderEntry = { readonly name: string; readonly kind: 'file' | 'folder' | 'other' }
type FileStamp = { readonly sizeBytes: number; readonly modifiedAtMs: number; readonly device: number }

/** How a scan reads folders. Undefined is what could not be read, for whatever reason. Links are not followed. */
export type ScannedFiles = {
  readFolder(path: string): Promise<{ readonly entries: readonly FolderEntry[]; readonly device: number } | undefined>
  /** Undefined also when the path is no regular file. */
  stampOf(path: string): Promise<FileStamp | undefined>
}

export const filesOnDisk: ScannedFiles = {
  readFolder: async (path) => {
    try {
      const [entries, { dev }] = await Promise.all([readdir(path, { withFileTypes: true }), lstat(path)])
      return { entries: entries.map(entryOf), device: dev }
    } catch {
      // The scan reports the folder as unreadable, with its path.
      return undefined
    }
  },
  stampOf: async (path) => {
    try {
      const stats = await lstat(path)
      return stats.isFile()
        ? { sizeBytes: stats.size, modifiedAtMs: Math.trunc(stats.mtimeMs), device: stats.dev }
        : undefined
    } catch {
      // The scan reports the folder as unreadable: the file may be gone, or the whole disk.
      return undefined
    }
  },
}

const entryOf = (entry: Dirent): FolderEntry => ({
  name: entry.name,
  kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
})
