import type { Uploads } from '../../engine/uploads/uploads.ts'

type ChosenFile = Parameters<Uploads['add']>[0][number]

const maxFiles = 5000
const maxDepth = 12

const chosen = (file: File, name: string): ChosenFile => ({ name, sizeBytes: file.size, content: file })

/** From a file field; those of a folder bring its path. */
export const filesOf = (list: FileList | null): ChosenFile[] =>
  [...(list ?? [])].slice(0, maxFiles).map((file) => chosen(file, file.webkitRelativePath || file.name))

/** What was dropped, folders opened. The entries must be taken at once: the browser empties the list when the event ends. */
export const filesDropped = (transfer: DataTransfer): Promise<ChosenFile[]> => {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return filesBelow(entries)
}

const filesBelow = async (first: readonly FileSystemEntry[]): Promise<ChosenFile[]> => {
  const found: ChosenFile[] = []
  const left = first.map((entry) => ({ entry, depth: 0 }))
  for (let next = left.shift(); next !== undefined && found.length < maxFiles; next = left.shift()) {
    const { entry, depth } = next
    // What cannot be read is left out, as if it had not been dropped.
    if (isFile(entry))
      await fileIn(entry).then(
        (file) => found.push(chosen(file, entry.fullPath.replace(/^\//, ''))),
        () => undefined,
      )
    else if (isFolder(entry) && depth < maxDepth)
      left.unshift(...(await entriesIn(entry)).map((child) => ({ entry: child, depth: depth + 1 })))
  }
  return found
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

const fileIn = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** A reader gives some at a time, and none at the end. */
const entriesIn = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (some.length === 0) return all.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    all.push(...some)
  }
}
