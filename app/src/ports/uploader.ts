/** A file that a person chose. `name` has its folders before it; `content` is the browser's own, and only an adapter looks inside. */
export type ChosenFile = { readonly name: string; readonly sizeBytes: number; readonly content: unknown }

export type UploadOutcome =
  /** All of it is safe on the server. */
  | { readonly kind: 'received' }
  /** The server does not answer; what it got is kept for the next try. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'refused'; readonly code: string; readonly title: string; readonly detail?: string | undefined }

/** Sends files to the media server, from wherever an earlier try got to. */
export type Uploader = {
  /** An abort of the signal ends in `offline`. */
  send(
    file: ChosenFile,
    on: { readonly progress: (sentBytes: number) => void; readonly signal: AbortSignal },
  ): Promise<UploadOutcome>
  /** Gives up what was begun of it. */
  discard(file: ChosenFile): Promise<void>
}
