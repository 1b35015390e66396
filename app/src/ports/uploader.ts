/** A file that a person chose. `name` includes its folders; `content` is the `File` of the browser, which only an adapter reads. */
export type ChosenFile = { readonly name: string; readonly sizeBytes: number; readonly content: unknown }

/** A file on its way to the server. `isPublic`: everyone who opens the server may listen; else those whom it allows to listen. */
export type FileToSend = ChosenFile & { readonly isPublic: boolean }

/** How an upload ended. */
export type UploadOutcome =
  /** The server has stored all of it. */
  | { readonly kind: 'received' }
  /** The server does not answer. The next try resumes the upload. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'refused'; readonly code: string; readonly title: string; readonly detail?: string | undefined }

/** Sends files to the media server. An interrupted upload of the same file with the same `isPublic` is resumed. */
export type Uploader = {
  /** An abort of the signal ends in `offline`. */
  send(
    file: FileToSend,
    on: { readonly progress: (sentBytes: number) => void; readonly signal: AbortSignal },
  ): Promise<UploadOutcome>
  /** Deletes an unfinished upload of this file from the server. */
  discard(file: FileToSend): Promise<void>
}
