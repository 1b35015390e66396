import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { LogEntry } from './log.ts'

/** Messages from the page to the service worker. */
export type ToWorker =
  | { readonly kind: 'position'; readonly playId: string; readonly positionMs: number; readonly isPlaying: boolean }
  /** The URL of this play will be requested soon. */
  | { readonly kind: 'warm'; readonly playId: string; readonly positionMs: number }
  | { readonly kind: 'forget'; readonly playIds: readonly string[] }
  /** New content keys are in the store. */
  | { readonly kind: 'keys' }
  /** Cache the first chunks of the next track. */
  | { readonly kind: 'prefetch'; readonly signedHead: Bytes; readonly serverKey: SigningJwk }
  /** Control the pages that no worker controls (first visit, hard reload). */
  | { readonly kind: 'claim' }
  /** Cache all files of the app for offline use: nobody waits for the network now. */
  | { readonly kind: 'keep-shell' }
  /** Nothing plays: the waiting version of the worker may activate. */
  | { readonly kind: 'activate' }

/** Messages from the service worker to its pages. */
export type FromWorker =
  | {
      readonly kind: 'slot-sent'
      readonly playId: string
      readonly slot: number
      readonly rendition: string
      readonly bitrateBps: number
      readonly origin: 'cache' | 'network'
    }
  | { readonly kind: 'stream-failed'; readonly playId: string; readonly problem: string }
  /** An entry for the log that the page keeps. */
  | { readonly kind: 'log'; readonly entry: LogEntry }

/** `updating`: a new version waits until nothing plays. */
export type WorkerState = 'starting' | 'ready' | 'updating' | 'unavailable'

/** The service worker, for the page. */
export type StreamWorker = {
  state(): WorkerState
  onState(listener: () => void): () => void
  /** Waits until the worker controls this page; false when the signal aborts first, or when there is no worker. */
  ready(signal: AbortSignal): Promise<boolean>
  post(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): () => void
  /** Activates a waiting version, unless another tab plays. */
  activateUpdate(): void
}
