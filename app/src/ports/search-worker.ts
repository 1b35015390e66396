import type { Audience } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { SearchHit, Suggestions } from '@tonestead/protocol/search'
import type { LogEntry } from './log.ts'

type Kind = SearchHit['kind']
type Range = { readonly from: number; readonly to: number }

/** A search, as it is sent to the worker: the part of search-index/src/request.ts that can be cloned. */
export type SearchWorkerQuery = {
  readonly text: string
  readonly kinds?: readonly Kind[] | undefined
  /** Hits per kind, and how many of each kind are skipped. */
  readonly limit: number
  readonly offset: number
  readonly filters: {
    readonly years?: Range | undefined
    readonly durationMs?: Range | undefined
    readonly isLossless?: true | undefined
    readonly isInLibrary?: true | undefined
  }
}

/** The hits of the index on this device. */
export type SearchWorkerResult = {
  readonly top?: SearchHit | undefined
  readonly groups: Readonly<Record<Kind, { readonly hits: readonly SearchHit[]; readonly hasMore: boolean }>>
  readonly correction?: string | undefined
}

/** The index that is stored. `touched`: only what was opened or played here, for catalogs that are too large. `audience`: whose rights the snapshot was made for. */
export type StoredIndex =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ready'; readonly scope: 'touched'; readonly tracks: number; readonly sequence: number }
  | {
      readonly kind: 'ready'
      readonly scope: 'catalog'
      readonly tracks: number
      readonly sequence: number
      readonly audience: Audience
      readonly fetchedAtMs: number
      /** How many changes are not in the snapshot yet. */ readonly pending: number
    }

/** Why something was not stored. outrun: another tab wrote before, or there is no index it belongs to; the index that is stored now is open. */
export type NotStored =
  | {
      readonly kind: 'refused'
      readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' | 'not-understood' | 'outrun'
    }
  | { readonly kind: 'no-room' }

/** too-old: changes between the stored index and these are missing; a new snapshot is needed. */
export type Followed =
  { readonly kind: 'followed'; readonly stored: StoredIndex; readonly isLast: boolean } | { readonly kind: 'too-old' }

type NewSnapshot = {
  readonly serverId: string
  readonly audience: Audience
  readonly fetchedAtMs: number
  readonly bytes: Bytes
}

/** A wire document (protocol/src/search.ts), which the worker parses. */
type WireDocument = { readonly kind: Kind; readonly id: string }

/**
 * The index of this device, in a worker of its own. An abort ends the wait, and cancels work that has not started. Every call
 * rejects once the worker has failed; `onBroken` is called then.
 */
export type SearchWorker = {
  /** Opens the index that is stored for this server, without a network. A damaged one is deleted and counts as absent. */
  open(home: { readonly serverId: string; readonly scope: 'catalog' | 'touched' }): Promise<StoredIndex>
  /** Checks and stores a snapshot in place of everything stored before, and opens it. The bytes are transferred. */
  replace(snapshot: NewSnapshot): Promise<StoredIndex | NotStored>
  /** Stores and applies a response of /api/search/changes to the request with `after`. */
  follow(changes: { readonly after: number; readonly answer: unknown }): Promise<Followed | NotStored>
  /** Builds a new snapshot from the stored one and all changes after it. It works on what is stored for this server, not on the open index, and takes seconds in which no search is answered. */
  compact(serverId: string): Promise<void>
  /** undefined: there is no index. */
  search(query: SearchWorkerQuery, signal: AbortSignal): Promise<SearchWorkerResult | undefined>
  suggest(
    query: { readonly text: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Suggestions['items'] | undefined>
  touch(touched: { readonly serverId: string; readonly document: WireDocument; readonly atMs: number }): Promise<void>
  /** A part of a new index of what is the account's own. The last part replaces the former index; a first part forgets parts that have no last one. */
  fillOwn(part: OwnPart): Promise<void>
  /** undefined: `fillOwn` was not called yet. */
  searchOwn(query: SearchWorkerQuery, signal: AbortSignal): Promise<SearchWorkerResult | undefined>
  suggestOwn(
    query: { readonly text: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Suggestions['items'] | undefined>
  /** The open index changed through another tab. */
  onStored(listener: (stored: StoredIndex) => void): void
  onBroken(listener: () => void): void
  stop(): void
}

/** `documents`: wire documents (protocol/src/search.ts). */
export type OwnPart = {
  readonly documents: readonly WireDocument[]
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** The calls as messages; `id` pairs a call with its result. */
export type SearchCall =
  | { readonly id: number; readonly kind: 'open'; readonly serverId: string; readonly scope: 'catalog' | 'touched' }
  | ({ readonly id: number; readonly kind: 'replace' } & NewSnapshot)
  | { readonly id: number; readonly kind: 'follow'; readonly after: number; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'compact'; readonly serverId: string }
  | { readonly id: number; readonly kind: 'search'; readonly query: SearchWorkerQuery }
  | { readonly id: number; readonly kind: 'suggest'; readonly text: string; readonly limit: number }
  | ({ readonly id: number; readonly kind: 'fill-own' } & OwnPart)
  | { readonly id: number; readonly kind: 'search-own'; readonly query: SearchWorkerQuery }
  | { readonly id: number; readonly kind: 'suggest-own'; readonly text: string; readonly limit: number }
  | {
      readonly id: number
      readonly kind: 'touch'
      readonly serverId: string
      readonly document: WireDocument
      readonly atMs: number
    }

/** Messages of the search worker. */
export type FromSearchWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly id: number; readonly message: string }
  | { readonly kind: 'stored'; readonly stored: StoredIndex }
  /** An entry for the log that the page keeps. */
  | { readonly kind: 'log'; readonly entry: LogEntry }
