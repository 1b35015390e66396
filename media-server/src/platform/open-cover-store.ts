import { join } from 'node:path'
import type { CoverStore } from '../ports/cover-store.ts'
import { createFsCoverStore } from './files/fs-cover-store.ts'

/** Chooses the cover store. Today there is one: files below the data folder. */
export const openCoverStore = (dataFolder: string): CoverStore => createFsCoverStore(join(dataFolder, 'covers'))
