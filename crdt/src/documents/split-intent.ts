import { splitLibraryIntent } from '../library/split-library-intent.ts'
import { splitPlaylistIntent } from '../playlists/split-playlist-intent.ts'
import { splitQueueIntent } from '../queues/split-queue-intent.ts'
import type { DocumentKind } from './document-kind.ts'
import type { Intents } from './documents.ts'

type Splitters = { readonly [K in DocumentKind]?: (intent: Intents[K]) => readonly Intents[K][] }

const splitters: Splitters = { library: splitLibraryIntent, playlist: splitPlaylistIntent, queue: splitQueueIntent }

/**
 * [IN3] An intent as parts that each fit one change, to be applied in order. One that fits is returned as it is, with its id. Kinds that are not cut here
 * have intents that a person does not make so large.
 */
export const splitIntent = <K extends DocumentKind>(kind: K, intent: Intents[K]): readonly Intents[K][] =>
  splitters[kind]?.(intent) ?? [intent]
