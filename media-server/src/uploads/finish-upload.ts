import type { Clock } from '../ports/clock.ts'
import type { SourceStore } from '../ports/source-store.ts'
import type { StoredUpload, UploadStore } from '../ports/upload-store.ts'

type Deps = { readonly uploads: UploadStore; readonly sources: SourceStore; readonly clock: Clock }

export const isComplete = (upload: StoredUpload): boolean => upload.receivedBytes === upload.sizeBytes

/** A whole upload becomes a source file that waits for ingest. Doing it again does nothing. */
export const finishUpload = async ({ uploads, sources, clock }: Deps, id: string): Promise<void> => {
  await sources.add(await uploads.setAside(id), clock.now())
}

/** At the start: a run may have been killed after the last byte and before the file was a source. */
export const recoverUploads = async (deps: Deps): Promise<void> => {
  for (const upload of await deps.uploads.list()) if (isComplete(upload)) await finishUpload(deps, upload.id)
  await deps.uploads.sweep(deps.clock.now())
}
