/** How the worker is. `limits` says in words what the media tool is held to. */
export type IngestHealth =
  | { readonly kind: 'starting' }
  | { readonly kind: 'working'; readonly transcoder: string; readonly limits: string }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'stopped' }

/** The ingest worker as the server sees it. */
export type IngestControl = {
  health(): IngestHealth
  /** Looks through all folders again; refused files get another try. Resolves when the worker has been told. */
  scanAgain(): Promise<void>
  /** Disk that all renditions of what was found will need, in bytes; 0 until it is known. */
  estimatedBytes(): number
}
