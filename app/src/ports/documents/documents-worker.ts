import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { LogEntry } from '../log.ts'

/** The answer to the question for a pass. `refused`: this account has no right on the server, so that asking again is of no use. `unavailable`: no answer. */
export type PassAnswer =
  { readonly kind: 'granted'; readonly pass: string } | { readonly kind: 'refused' } | { readonly kind: 'unavailable' }

/** What the leading tab tells its worker. */
export type ToDocumentsWorker =
  /** The key of the relay at this address; undefined: there is none, or the server was never reached. */
  | { readonly kind: 'home'; readonly relay: SigningJwk | undefined }
  | { readonly kind: 'pass'; readonly id: number; readonly answer: PassAnswer }
  /** The network is back, or the account has other rights: connect now. */
  | { readonly kind: 'connect' }
  /** Answered as soon as the worker is not busy. */
  | { readonly kind: 'ping' }

/** What the worker tells the leading tab. */
export type FromDocumentsWorker =
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'pass-wanted'; readonly id: number; readonly relay: SigningJwk }
  | { readonly kind: 'pong' }
  /** Nothing could be opened, and the tabs were told why. A new worker may have more luck. */
  | { readonly kind: 'failed' }

/** The worker that leads: it keeps the replica. Other tabs talk to it by channels, not by this. */
export type DocumentsWorker = {
  post(message: ToDocumentsWorker): void
  onMessage(listener: (message: FromDocumentsWorker) => void): void
  /** The worker was not loaded, or has thrown. It does nothing more. */
  onBroken(listener: () => void): void
  stop(): void
}
