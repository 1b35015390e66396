import { join } from 'node:path'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import { createFsIndexSnapshots } from './files/fs-index-snapshots.ts'

/** Chooses where search indexes are stored. Today there is one place: files below the data folder. */
export const openIndexSnapshots = (dataFolder: string): IndexSnapshots =>
  createFsIndexSnapshots(join(dataFolder, 'search'))
