import type { Audience } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { SearchHit, Suggestions } from '@tonestead/protocol/search'
import type { LogEntry } from './log.ts'

type Kind = SearchHit['kind']
type Range = { readonly from: number; readonly to: number }

/** As search-index/src/request.ts, of which it is the part that travels. */
export type DeviceQuestion = {
  readonly text: string
  readonly kinds?: readonly Kind[] | undefined
  /** Hits per kind, and how many of each kind are left out. */
  readonly limit: number
  readonly offset: number
  readonly filters: {
    readonly years?: Range | undefined
    readonly durationMs?: Range | undefined
    readonly isLossless?: true | undefined
  }
}

export type DeviceAnswer = {
  readonly top?: SearchHit | undefined
  readonly groups: Readonly<Record<Kind, { readonly hits: readonly SearchHit[]; readonly hasMore: boolean }>>
  readonly correction?: string | undefined
}

/** `touched`: what was opened or played here, for catalogs too large to keep. `audience`: whose rights the snapshot was made for. */
export type KeptIndex =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ready'; readonly scope: 'touched'; readonly tracks: number; readonly sequence: number }
  | {
      readonly kind: 'ready'
      readonly scope: 'catalog'
      readonly tracks: number
      readonly sequence: number
      readonly audience: Audience
      readonly fetchedAtMs: number
      /** Changes that are not in the snapshot yet. */ readonly pending: number
    }

/** Why something was not kept. outrun: another tab was faster, or nothing is kept that it could belong to; what is kept now is open. */
export type NotKept =
  | {
      readonly kind: 'refused'
      readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' | 'not-understood' | 'outrun'
    }
  | { readonly kind: 'no-room' }

/** too-old: the changes do not lead on from what is kept; a new snapshot is needed. */
export type Followed =
  { readonly kind: 'followed'; readonly kept: KeptIndex; readonly isLast: boolean } | { readonly kind: 'too-old' }

type NewSnapshot = {
  readonly serverId: string
  readonly audience: Audience
  readonly fetchedAtMs: number
  readonly bytes: Bytes
}

/** A wire document (protocol/src/search.ts) that was opened or played. */
type TouchedDocument = { readonly kind: Kind; readonly id: string }

/**
 * The index of this device, which lives in a thread of its own and is kept there. Abort gives up waiting, and the work where it has not begun. Every call
 * rejects once the thread is broken; `onBroken` tells so.
 */
export type SearchWorker = {
  /** Opens what is kept for this server; without a network. A damaged one is dropped, and absent. */
  open(home: { readonly serverId: string; readonly scope: 'catalog' | 'touched' }): Promise<KeptIndex>
  /** Checks and keeps a snapshot in the place of everything kept before, and opens it. The bytes are moved away. */
  replace(snapshot: NewSnapshot): Promise<KeptIndex | NotKept>
  /** Keeps and applies an answer of /api/search/changes, which followed on sequence number `after`. */
  follow(changes: { readonly after: number; readonly answer: unknown }): Promise<Followed | NotKept>
  /** Builds a new snapshot of the one kept and all changes since, of what is kept for this server, not of what is open. Takes seconds in which no question is answered. */
  fold(serverId: string): Promise<void>
  /** undefined: there is no index. */
  search(question: DeviceQuestion, signal: AbortSignal): Promise<DeviceAnswer | undefined>
  suggest(
    question: { readonly text: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Suggestions['items'] | undefined>
  touch(touched: {
    readonly serverId: string
    readonly document: TouchedDocument
    readonly atMs: number
  }): Promise<void>
  /** The open index changed through another tab. */
  onKept(listener: (kept: KeptIndex) => void): void
  onBroken(listener: () => void): void
  stop(): void
}

/** The calls as messages; `id` pairs a call with its answer. */
export type SearchCall =
  | { readonly id: number; readonly kind: 'open'; readonly serverId: string; readonly scope: 'catalog' | 'touched' }
  | ({ readonly id: number; readonly kind: 'replace' } & NewSnapshot)
  | { readonly id: number; readonly kind: 'follow'; readonly after: number; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'fold'; readonly serverId: string }
  | { readonly id: number; readonly kind: 'search'; readonly question: DeviceQuestion }
  | { readonly id: number; readonly kind: 'suggest'; readonly text: string; readonly limit: number }
  | {
      readonly id: number
      readonly kind: 'touch'
      readonly serverId: string
      readonly document: TouchedDocument
      readonly atMs: number
    }

export type FromSearchWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly id: number; readonly message: string }
  | { readonly kind: 'kept'; readonly kept: KeptIndex }
  /** An entry for the log that the page keeps. */
  | { readonly kind: 'log'; readonly entry: LogEntry }
