/** The state of the ingest worker. `transcoder` is the media tool with its version; `limits` describes its sandbox, for people. */
export type IngestHealth =
  | { readonly kind: 'starting' }
  | { readonly kind: 'working'; readonly transcoder: string; readonly limits: string }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'stopped' }

/** What the server may ask of the ingest worker. Nothing here waits for the worker or fails when it is down. */
export type IngestControl = {
  health(): IngestHealth
  /** Requests a new scan of all folders; refused files are tried again. Resolves when the request is sent, and does nothing while the worker is down. */
  scanAgain(): Promise<void>
  /** Disk space that all renditions of the files found will need, in bytes; 0 until the first scan is done. */
  estimatedBytes(): number
}
