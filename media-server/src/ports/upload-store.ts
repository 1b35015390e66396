import type { UnixMs } from '@tonestead/crdt/instant'
import type { DataStore } from '@tus/server'
import type { FoundSource } from './source-store.ts'

/** `name` is for people only, never part of a path. */
export type StoredUpload = {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly sizeBytes: number
  readonly receivedBytes: number
}

/** The quarantine of uploads: files under ids of ours until they are whole, then set aside for good. */
export type UploadStore = {
  /** Where the tus library keeps bytes and records. */
  readonly parts: DataStore
  /** Undefined when it never was, or has expired. */
  find(id: string): Promise<StoredUpload | undefined>
  /** Everything that has not expired, whole or not. */
  list(): Promise<readonly StoredUpload[]>
  /** Sets a whole file aside, durably; again and again if asked. */
  setAside(id: string): Promise<FoundSource>
  /** Throws away what was begun too long ago and is not whole, and the records of the rest. */
  sweep(now: UnixMs): Promise<void>
}
