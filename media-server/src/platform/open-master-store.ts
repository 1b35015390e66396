import { join } from 'node:path'
import type { MasterStore } from '../ports/master-store.ts'
import { createFsMasterStore } from './files/fs-master-store.ts'

/** Chooses the master store. Today there is one: files below the data folder. */
export const openMasterStore = (dataFolder: string): MasterStore => createFsMasterStore(join(dataFolder, 'masters'))
