import type { UnixMs } from '@tonestead/crdt/instant'
import type { DataStore } from '@tus/server'
import type { FoundSource } from './source-store.ts'

/** An upload and how much of it has arrived. `name` comes from the client and is for people only: it is never part of a path. */
export type StoredUpload = {
  readonly id: string
  readonly account: string
  readonly name: string
  /** The uploader has chosen that everyone may listen. */
  readonly isPublic: boolean
  readonly sizeBytes: number
  readonly receivedBytes: number
}

/** Stores uploads under generated ids: first while their bytes arrive, then, when they are complete, as source files. Methods reject when the disk fails. */
export type UploadStore = {
  /** The store in which the tus library writes bytes and records. It locks each upload: one request at a time. */
  readonly parts: DataStore
  /** Undefined when there is no such upload, or it has expired. */
  find(id: string): Promise<StoredUpload | undefined>
  /** All uploads that have not expired, complete or not. */
  list(): Promise<readonly StoredUpload[]>
  /** Moves a complete upload to its final place, durably. May be called again with the same result. Rejects when there is no such upload. */
  setAside(id: string): Promise<FoundSource>
  /** Deletes incomplete uploads that have expired, and expired records of complete ones. */
  sweep(now: UnixMs): Promise<void>
}
