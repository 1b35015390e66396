import { join } from 'node:path'
import type { ObjectStore } from '../ports/object-store.ts'
import { openFsObjectStore } from './files/fs-object-store.ts'

/** Chooses the object store. Today there is one: files below the data folder. */
export const openObjectStore = (dataFolder: string): Promise<ObjectStore> =>
  openFsObjectStore(join(dataFolder, 'objects'))

/** The same store, for a process beside the server. */
export const openSharedObjectStore = (dataFolder: string): Promise<ObjectStore> =>
  openFsObjectStore(join(dataFolder, 'objects'), { isShared: true })
