import { join } from 'node:path'
import type { UploadStore } from '../ports/upload-store.ts'
import { openFsUploadStore } from './files/fs-upload-store.ts'

/** Chooses the upload store. Today there is one: files below the data folder. */
export const openUploadStore = (dataFolder: string): Promise<UploadStore> =>
  openFsUploadStore(join(dataFolder, 'uploads'))
