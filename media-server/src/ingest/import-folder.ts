import { aacRenditions, nominalBitrateOf } from '@tonestead/protocol/rendition'
import type { Clock } from '../ports/clock.ts'
import type { Reconciled, SourceStore } from '../ports/source-store.ts'
import { scanFolder, type ScannedFolder } from './scan-folder.ts'
import type { ScannedFiles } from './scanned-files.ts'

export type ImportDeps = {
  readonly sources: Pick<SourceStore, 'reconcile'>
  readonly files: ScannedFiles
  readonly clock: Clock
}

export type Imported = Reconciled & {
  readonly found: number
  /** Folders that could not be read: what was in them stays as it is. */
  readonly unreadable: readonly string[]
  /** Disk space that all renditions of these files and their sealed masters will need. */
  readonly estimatedBytes: number
}

/** Scans a folder, queues new and changed files, and withdraws the tracks of deleted files. */
export const importFolder = async (
  { sources, files, clock }: ImportDeps,
  folder: ScannedFolder,
  signal: AbortSignal,
): Promise<Imported> => {
  const scan = await scanFolder(files, folder, signal)
  const reconciled = await sources.reconcile(scan, clock.now())
  return {
    ...reconciled,
    found: scan.found.length,
    unreadable: scan.unreadable,
    estimatedBytes: scan.found.reduce((sum, source) => sum + estimateBytes(source), 0),
  }
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
