import { aacRenditions, nominalBitrateOf } from '@tonestead/protocol/rendition'
import type { CatalogStore } from '../ports/catalog-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { SourceStore } from '../ports/source-store.ts'
import { scanFolder } from './scan-folder.ts'

export type ImportDeps = { readonly sources: SourceStore; readonly catalog: CatalogStore; readonly clock: Clock }

export type Imported = {
  readonly found: number
  readonly withdrawn: number
  /** Folders that could not be read. While there are any, nothing is withdrawn: an unplugged disk is not a deletion. */
  readonly unreadable: readonly string[]
  /** Disk space that all renditions of these files and their sealed masters will need. */
  readonly estimatedBytes: number
}

/** Scans a folder, queues new and changed files, and withdraws the tracks of deleted files. */
export const importFolder = async (
  deps: ImportDeps,
  folder: { path: string; isPublic: boolean },
  signal: AbortSignal,
): Promise<Imported> => {
  const scan = await scanFolder(folder.path, folder, signal)
  const estimatedBytes = scan.found.reduce((sum, source) => sum + estimateBytes(source), 0)
  if (scan.unreadable.includes(folder.path))
    return { found: 0, withdrawn: 0, unreadable: scan.unreadable, estimatedBytes: 0 }
  if (scan.unreadable.length > 0) {
    for (const source of scan.found) await deps.sources.add(source, deps.clock.now())
    return { found: scan.found.length, withdrawn: 0, unreadable: scan.unreadable, estimatedBytes }
  }
  const { gone } = await deps.sources.reconcile(folder.path, scan.found, deps.clock.now())
  for (const track of gone) await deps.catalog.withdraw(track, deps.clock.now())
  return { found: scan.found.length, withdrawn: gone.length, unreadable: [], estimatedBytes }
}

const losslessName = /\.(?:flac|wave?|w64|aiff?|ape|tta|wv|dsf)$/i
/** Bytes per second: typical values for sources, and the sum of all AAC renditions. */
const losslessRate = 110_000
const lossyRate = 28_000
const aacRate = aacRenditions.reduce((sum, name) => sum + nominalBitrateOf(name), 0) / 8

/** Estimates from name and size alone: the sealed master, the AAC renditions for the duration that the size suggests, and FLAC for lossless names. */
const estimateBytes = (source: { name: string; sizeBytes: number }): number => {
  const isLossless = losslessName.test(source.name)
  const seconds = source.sizeBytes / (isLossless ? losslessRate : lossyRate)
  return Math.round(source.sizeBytes * (isLossless ? 1.9 : 1) + seconds * aacRate)
}
