import type { ChosenFile } from '../../ports/uploader.ts'
import type { Readable } from '../readable.ts'

/** What became of a file so far. */
export type UploadState =
  /** For the files before it, or for the server. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly percent: number }
  /** Stored on the server, which processes it now. */
  | { readonly kind: 'received' }
  | {
      readonly kind: 'failed'
      readonly title: string
      readonly cure: string
      /** A retry may succeed. */ readonly mayRetry: boolean
    }

/** A chosen file. */
export type UploadRow = {
  readonly id: number
  readonly name: string
  readonly sizeBytes: number
  /** Everyone who opens the server may listen. */
  readonly isPublic: boolean
  readonly state: UploadState
}

/** Files that are sent to the server, in the order in which they were chosen. */
export type Uploads = {
  readonly view: Readable<readonly UploadRow[]>
  /** Adds files. `leftOut`: how many were not added, since by their names they are no recordings. */
  add(files: readonly ChosenFile[], choice: { readonly isPublic: boolean }): Promise<{ readonly leftOut: number }>
  retry(id: number): void
  /** Removes it from the list and stops sending it. */
  remove(id: number): void
}
