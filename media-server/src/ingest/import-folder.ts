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
  /** Disk that everything made of these files will need, the sealed masters included. */
  readonly estimatedBytes: number
}

/** Compares a folder with what is known, queues what is new, and takes deleted files' tracks out of the catalog. */
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
/** Bytes a second: typical of the sources, and what all AAC renditions need together. */
const losslessRate = 110_000
const lossyRate = 28_000
const aacRate = aacRenditions.reduce((sum, name) => sum + nominalBitrateOf(name), 0) / 8

/** From the size alone: the sealed master, the AAC ladder over the playing time that such a size suggests, and FLAC for lossless names. */
const estimateBytes = (source: { name: string; sizeBytes: number }): number => {
  const isLossless = losslessName.test(source.name)
  const seconds = source.sizeBytes / (isLossless ? losslessRate : lossyRate)
  return Math.round(source.sizeBytes * (isLossless ? 1.9 : 1) + seconds * aacRate)
}
