import { ProblemError } from '@tonestead/protocol/problem'
import { maxOpenUploads } from '@tonestead/protocol/upload'
import type { Clock } from '../ports/clock.ts'
import type { StoredUpload, UploadStore } from '../ports/upload-store.ts'
import { isComplete } from './finish-upload.ts'

export type AdmissionDeps = {
  readonly uploads: Pick<UploadStore, 'list' | 'sweep'>
  readonly freeBytes: () => Promise<number>
  readonly clock: Clock
}

type NewUpload = { readonly id: string; readonly account: string; readonly sizeBytes: number }

/** Decides which uploads may begin. */
export type UploadAdmission = {
  /** Reserves a place and room. Throws a ProblemError `too-many-uploads` or `storage-full`. */
  admit(upload: NewUpload): Promise<void>
  /** Ends the reservation: the record of the upload is on disk now, or the upload did not begin. */
  release(id: string): void
}

/** This much stays free for the catalog and for the files that ingest makes. */
const reservedBytes = 512 * 1024 * 1024

/**
 * One admission is decided after the other. An admitted upload is a reservation until its record is on disk, so requests at the same time
 * cannot pass the limits together.
 */
export const createUploadAdmission = (deps: AdmissionDeps): UploadAdmission => {
  const reserved = new Map<string, StoredUpload>()
  let last: Promise<unknown> = Promise.resolve()
  const decide = async (upload: NewUpload): Promise<void> => {
    // Read before the list: a reservation that ends meanwhile is on disk, but perhaps not in the list.
    const before = new Map(reserved)
    await deps.uploads.sweep(deps.clock.now())
    const stored = (await deps.uploads.list()).filter((known) => !isComplete(known))
    const unfinished = [...new Map([...before, ...stored.map((known) => [known.id, known] as const)]).values()]
    checkAdmission(upload, unfinished, await deps.freeBytes())
    reserved.set(upload.id, { ...upload, name: '', isPublic: false, receivedBytes: 0 })
  }
  return {
    admit: (upload) => {
      const decided = last.then(() => decide(upload))
      // The next one is decided whatever the outcome of this one is; its caller gets it.
      last = decided.catch(() => undefined)
      return decided
    },
    release: (id) => {
      reserved.delete(id)
    },
  }
}

const promisedBytes = (uploads: readonly StoredUpload[]): number =>
  uploads.reduce((sum, upload) => sum + upload.sizeBytes - upload.receivedBytes, 0)

const checkAdmission = (upload: NewUpload, unfinished: readonly StoredUpload[], freeBytes: number): void => {
  const own = unfinished.filter((known) => known.account === upload.account)
  if (own.length >= maxOpenUploads)
    throw new ProblemError('too-many-uploads', `At most ${maxOpenUploads} at a time; finish or cancel one.`)
  checkFreeSpace(promisedBytes(unfinished) + upload.sizeBytes, freeBytes)
  // A promise costs the uploader nothing, so the promises of one account may not take all the room.
  if (own.length > 0 && promisedBytes(own) + upload.sizeBytes > (freeBytes - reservedBytes) / 2)
    throw new ProblemError('storage-full', 'Your unfinished uploads need half of the free room. Finish or cancel one.')
}

/** Throws a ProblemError `storage-full` when `neededBytes` do not fit beside what stays free for the catalog and for ingest. */
export const checkFreeSpace = (neededBytes: number, freeBytes: number): void => {
  if (neededBytes + reservedBytes > freeBytes)
    throw new ProblemError('storage-full', 'The server has no room for this file. Its administrator can free some.')
}
