import type { ChosenFile } from '../../ports/uploader.ts'
import type { Readable } from '../readable.ts'

export type UploadState =
  /** Until its turn, or until the server answers again. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly percent: number }
  /** Safe on the server, which prepares it now. */
  | { readonly kind: 'received' }
  | {
      readonly kind: 'failed'
      readonly title: string
      readonly cure: string
      /** Another try may go better. */ readonly mayRetry: boolean
    }

export type UploadRow = {
  readonly id: number
  readonly name: string
  readonly sizeBytes: number
  readonly state: UploadState
}

/** Files on their way to the server, in the order in which they were chosen. */
export type Uploads = {
  readonly view: Readable<readonly UploadRow[]>
  /** Takes files; says how many were left out because their names say that they are no recordings. */
  add(files: readonly ChosenFile[]): { readonly leftOut: number }
  retry(id: number): void
  /** Takes it from the list; what is on its way is given up. */
  remove(id: number): void
}
