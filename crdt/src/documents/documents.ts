import { applyLibraryIntent, type LibraryIntent } from '../library/library-intent.ts'
import type { LibraryDocument } from '../library/library-document.ts'
import { applyHistoryIntent, type HistoryDocument, type HistoryIntent } from '../listening/history-document.ts'
import { applyPlaybackIntent, type PlaybackDocument, type PlaybackIntent } from '../listening/playback-document.ts'
import { applySettingsIntent, type SettingsDocument, type SettingsIntent } from '../listening/settings-document.ts'
import { applyPlaylistIntent } from '../playlists/apply-playlist-intent.ts'
import type { PlaylistDocument } from '../playlists/playlist-document.ts'
import type { PlaylistIntent } from '../playlists/playlist-intent.ts'
import { applyQueueIntent } from '../queues/apply-queue-intent.ts'
import type { QueueDocument } from '../queues/queue-document.ts'
import type { QueueIntent } from '../queues/queue-intent.ts'
import { applyRootIntent } from '../root/apply-root-intent.ts'
import type { RootDocument } from '../root/root-document.ts'
import type { RootIntent } from '../root/root-intent.ts'
import type { DocumentKind } from './document-kind.ts'
import type { DraftTools } from './document-text.ts'
import type { Outcome } from './intent-outcome.ts'

/** The type of each kind of document. */
export type Documents = {
  root: RootDocument
  library: LibraryDocument
  playlist: PlaylistDocument
  queue: QueueDocument
  playback: PlaybackDocument
  history: HistoryDocument
  settings: SettingsDocument
}
/** The intents of each kind of document. A `kind` of an intent belongs to one kind of document. */
export type Intents = {
  root: RootIntent
  library: LibraryIntent
  playlist: PlaylistIntent
  queue: QueueIntent
  playback: PlaybackIntent
  history: HistoryIntent
  settings: SettingsIntent
}
/** An intent of any kind of document. */
export type Intent = Intents[DocumentKind]

const appliers: {
  readonly [K in DocumentKind]: (draft: Documents[K], intent: Intents[K], tools: DraftTools<Documents[K]>) => Outcome
} = {
  root: applyRootIntent,
  library: applyLibraryIntent,
  playlist: applyPlaylistIntent,
  queue: applyQueueIntent,
  playback: applyPlaybackIntent,
  history: applyHistoryIntent,
  settings: applySettingsIntent,
}

/**
 * [IN1] [IN2] Applies an intent to a draft: the proxy inside a change of Automerge, or a plain object. Nothing is written when it is refused. Applying an
 * intent twice is the same as applying it once.
 */
export const applyIntent = <K extends DocumentKind>({
  kind,
  draft,
  intent,
  tools,
}: {
  readonly kind: K
  readonly draft: Documents[K]
  readonly intent: Intents[K]
  readonly tools: DraftTools<Documents[K]>
}): Outcome => appliers[kind](draft, intent, tools)
