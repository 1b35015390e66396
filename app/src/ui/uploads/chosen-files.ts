import type { Uploads } from '../../engine/uploads/uploads.ts'

type ChosenFile = Parameters<Uploads['add']>[0][number]

const maxFiles = 5000
const maxDepth = 12

const chosen = (file: File, name: string): ChosenFile => ({ name, sizeBytes: file.size, content: file })

/** The files of a file field. Files of a folder have its path in their name. */
export const filesOf = (list: FileList | null): ChosenFile[] =>
  [...(list ?? [])].slice(0, maxFiles).map((file) => chosen(file, file.webkitRelativePath || file.name))

/** The files that were dropped, with those in dropped folders. The entries must be read synchronously: the browser empties the list when the event ends. */
export const filesDropped = (transfer: DataTransfer, onUnreadable: (cause: unknown) => void): Promise<ChosenFile[]> => {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return filesBelow(entries, onUnreadable)
}

const filesBelow = async (
  first: readonly FileSystemEntry[],
  onUnreadable: (cause: unknown) => void,
): Promise<ChosenFile[]> => {
  const files: ChosenFile[] = []
  const pending = first.map((entry) => ({ entry, depth: 0 }))
  for (let next = pending.shift(); next !== undefined && files.length < maxFiles; next = pending.shift()) {
    const { entry, depth } = next
    // A file or folder that cannot be read is left out.
    if (isFile(entry))
      await fileIn(entry).then((file) => files.push(chosen(file, entry.fullPath.replace(/^\//, ''))), onUnreadable)
    else if (isFolder(entry) && depth < maxDepth)
      pending.unshift(...(await entriesIn(entry, onUnreadable)).map((child) => ({ entry: child, depth: depth + 1 })))
  }
  return files
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

const fileIn = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** readEntries returns the entries in batches; an empty batch is the end. */
const entriesIn = async (
  folder: FileSystemDirectoryEntry,
  onUnreadable: (cause: unknown) => void,
): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
      (cause: unknown) => {
        onUnreadable(cause)
        return []
      },
    )
    if (batch.length === 0) return all.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    all.push(...batch)
  }
}
