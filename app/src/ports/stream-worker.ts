import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { LogEntry } from './log.ts'

/** What the page tells the service worker. */
export type ToWorker =
  | { readonly kind: 'position'; readonly playId: string; readonly positionMs: number; readonly isPlaying: boolean }
  /** A play was set up and is about to be asked for. */
  | { readonly kind: 'warm'; readonly playId: string; readonly positionMs: number }
  | { readonly kind: 'forget'; readonly playIds: readonly string[] }
  /** New content keys are in the store. */
  | { readonly kind: 'keys' }
  /** Fetch the first chunks of what comes next. */
  | { readonly kind: 'prefetch'; readonly signedHead: Bytes; readonly serverKey: SigningJwk }
  /** Take over pages that no worker controls (first visit, hard reload). */
  | { readonly kind: 'claim' }
  /** Keep the whole shell for times without a network: nobody waits for sound now. */
  | { readonly kind: 'keep-shell' }
  /** Nothing plays: a waiting version may take over. */
  | { readonly kind: 'activate' }

export type FromWorker =
  | {
      readonly kind: 'slot-sent'
      readonly playId: string
      readonly slot: number
      readonly rendition: string
      readonly bitrateBps: number
      readonly origin: 'kept' | 'network'
    }
  | { readonly kind: 'stream-failed'; readonly playId: string; readonly problem: string }
  /** An entry for the log that the page keeps. */
  | { readonly kind: 'log'; readonly entry: LogEntry }

export type WorkerState = 'starting' | 'ready' | 'updating' | 'unavailable'

/** The service worker as the page sees it. */
export type StreamWorker = {
  state(): WorkerState
  onState(listener: () => void): () => void
  /** True when the worker controls this page; waits a bounded time for it. */
  ready(signal: AbortSignal): Promise<boolean>
  post(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): () => void
  /** Lets a new version take over; called while nothing plays. */
  activateUpdate(): void
}
