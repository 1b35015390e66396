import { dirname } from 'node:path'
import type { FolderScan, Reconciled } from '../../ports/source-store.ts'
import { isInside } from './sqlite-source-withdrawal.ts'
import type { SourceRow } from './sqlite-schema.ts'

export type Missing = Omit<SourceRow, 'rank'>

/**
 * Why a missing file is not gone. 'unreachable': its folder could not be read. 'held': its folder is empty, or on another file system than before,
 * like the mount point of a missing disk. 'many': more than half of the library is missing. Only the administrator withdraws the last two.
 */
type Absence = 'unreachable' | 'held' | 'many'

export type JudgedMissing = {
  readonly gone: readonly Missing[]
  /** Files whose `absence` is another than before, by the new one. */
  readonly absent: ReadonlyMap<Absence, readonly Missing[]>
  readonly counts: Omit<Reconciled, 'withdrawn'>
}

const smallestLibrary = 20

/** A missing disk is not a deletion: decides which of the missing files are gone. */
export const judgeMissing = (
  missing: readonly Missing[],
  { scan, known }: { readonly scan: FolderScan; readonly known: readonly Missing[] },
): JudgedMissing => {
  const reasonOf = createAbsenceReason(scan)
  const present = missing.filter((row) => row.is_gone === 0)
  const judged = present.map((row) => ({ row, absence: reasonOf(row) }))
  const library = known.filter((row) => row.is_gone === 0 && row.folder === scan.folder).length
  const gone = judged.filter(({ absence }) => absence === undefined).map(({ row }) => row)
  // A library whose files were renamed and changed at the same time has as many new files: that is no deletion.
  const isMost =
    library >= smallestLibrary &&
    gone.length * 2 > library &&
    (scan.found.length + judged.length - gone.length) * 2 < library
  const kept = judged.flatMap(({ row, absence }) =>
    absence === undefined ? (isMost ? [{ row, absence: 'many' as const }] : []) : [{ row, absence }],
  )
  return {
    gone: isMost ? [] : gone,
    absent: new Map(
      [...Map.groupBy(kept, ({ absence }) => absence)].map(([absence, rows]) => [
        absence,
        rows.map(({ row }) => row).filter((row) => row.absence !== absence),
      ]),
    ),
    counts: {
      unreachable: kept.filter(({ absence }) => absence === 'unreachable').length,
      held: kept.filter(({ absence }) => absence !== 'unreachable').length,
    },
  }
}

const createAbsenceReason = ({ folder, unreadable, empty, devices }: FolderScan) => {
  const unreadableFolders = new Set(unreadable)
  const emptyFolders = new Set(empty)
  return (row: Missing): Absence | undefined => {
    const above = foldersAbove(folder, row.path)
    if (above.some((path) => unreadableFolders.has(path))) return 'unreachable'
    if (above.some((path) => emptyFolders.has(path))) return 'held'
    const nearest = above.find((path) => devices.has(path))
    const device = nearest === undefined ? undefined : devices.get(nearest)
    if (device !== undefined && row.device !== null && device !== row.device) return 'held'
    return row.absence === 'many' ? 'many' : undefined
  }
}

/** The folders that contain the file, nearest first, up to the imported folder. */
const foldersAbove = (folder: string, path: string): readonly string[] => {
  const above: string[] = []
  for (let next = dirname(path); isInside(folder, next); next = dirname(next)) {
    above.push(next)
    if (next === folder || next === dirname(next)) break
  }
  return above
}
