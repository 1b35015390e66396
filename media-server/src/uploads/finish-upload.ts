import type { Clock } from '../ports/clock.ts'
import type { SourceStore } from '../ports/source-store.ts'
import type { StoredUpload, UploadStore } from '../ports/upload-store.ts'

type Deps = { readonly uploads: UploadStore; readonly sources: SourceStore; readonly clock: Clock }

export const isComplete = (upload: StoredUpload): boolean => upload.receivedBytes === upload.sizeBytes

/** Makes a complete upload a source file that waits for ingest. Calling it again does nothing. */
const finishUpload = async ({ uploads, sources, clock }: Deps, id: string): Promise<void> => {
  const account = (await uploads.find(id))?.account
  const source = await uploads.setAside(id)
  // Before the file can be claimed, so that its turn is that of its uploader.
  if (account !== undefined) await sources.setUploader(source.path, account)
  await sources.add(source, clock.now())
}

/** Several requests may find the same upload complete: they share one finish. */
export const createUploadFinisher = (deps: Deps): ((id: string) => Promise<void>) => {
  const running = new Map<string, Promise<void>>()
  return (id) => {
    const finish =
      running.get(id) ??
      finishUpload(deps, id).finally(() => {
        running.delete(id)
      })
    running.set(id, finish)
    return finish
  }
}

/** Runs at the start: the server may have been killed after the last byte arrived and before the file became a source. */
export const recoverUploads = async (deps: Deps): Promise<void> => {
  for (const upload of await deps.uploads.list()) if (isComplete(upload)) await finishUpload(deps, upload.id)
  await deps.uploads.sweep(deps.clock.now())
}
