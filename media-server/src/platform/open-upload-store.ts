import { join } from 'node:path'
import type { UploadStore } from '../ports/upload-store.ts'
import { fileOfUpload, openFsUploadStore } from './files/fs-upload-store.ts'

/** Chooses the upload store. Today there is one: files below the data folder. */
export const openUploadStore = (dataFolder: string): Promise<UploadStore> =>
  openFsUploadStore(join(dataFolder, 'uploads'))

/** Returns a function that gives the file of a source: uploads are named by their id, so that the data folder can be moved. */
export const uploadedFilesIn =
  (dataFolder: string) =>
  (path: string): string =>
    fileOfUpload(join(dataFolder, 'uploads'), path) ?? path
