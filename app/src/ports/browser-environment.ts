/** What the browser says of itself and of its storage. */
export type BrowserEnvironment = {
  readonly userAgent: string
  /** False: the browser knows that there is no network. True says little. */
  isOnline(): boolean
  /** undefined: the browser does not say. */
  storage(): Promise<StorageState | undefined>
}

/** Bytes used and allowed, as the browser estimates them. `isPersisted`: not deleted when the disk gets full. */
export type StorageState = { readonly usageBytes: number; readonly quotaBytes: number; readonly isPersisted: boolean }
