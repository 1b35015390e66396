import { join } from 'node:path'
import type { ScrubStateStore } from '../ports/scrub-state-store.ts'
import { createFsScrubStateStore } from './files/fs-scrub-state-store.ts'

/** Chooses where the state of the object check is kept. Today there is one place: a file in the data folder. */
export const openScrubStateStore = (dataFolder: string): ScrubStateStore =>
  createFsScrubStateStore(join(dataFolder, 'scrub.json'))
