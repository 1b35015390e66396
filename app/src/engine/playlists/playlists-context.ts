import type { AccountId, EntryId, IntentId, ServerId } from '@tonestead/crdt/ids'
import { parseAccountId } from '@tonestead/crdt/ids'
import type { PlaylistIntent } from '@tonestead/crdt/playlists/playlist-intent'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { AccountView } from '../account/account.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import type { Library } from '../library/library.ts'
import type { Readable } from '../readable.ts'
import { derived } from '../derived.ts'
import { createUndoHistory, type UndoHistory } from './undo-history.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { newEntryId } from './new-entry-id.ts'
import { flatNodes } from './playlist-tree.ts'
import type { Changed, PlaylistTree } from './playlists.ts'

export type PlaylistsDeps = {
  readonly documents: DocumentService
  readonly library: Pick<Library, 'tracksById'>
  readonly account: Readable<AccountView>
  /** The id of the server of this page; undefined until it is known. */
  readonly serverId: Readable<ServerId | undefined>
  /** Tracks of this server that may be the one of a reference. */
  readonly findCandidates: (reference: TrackReference, signal: AbortSignal) => Promise<readonly Track[]>
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** What the commands share: new ids, and the history of each document. */
export type PlaylistsContext = PlaylistsDeps & {
  readonly tree: Readable<PlaylistTree>
  readonly newEntryId: () => EntryId
  readonly newIntentId: () => IntentId
  readonly treeHistory: UndoHistory<'root'>
  readonly historyOf: (id: EntryId) => UndoHistory<'playlist'>
  /** Applies the first changes of a new playlist of the account. They are in no history. */
  readonly begin: (id: EntryId, intents: readonly PlaylistIntent[]) => Promise<Changed>
}

/** The root document of the account. */
export const rootRef: DocumentRef<'root'> = { address: { kind: 'root' } }
/** The document of a playlist. Without a collection: in the account's own. */
export const playlistRef = (id: EntryId, collection?: string): DocumentRef<'playlist'> => ({
  ...(collection === undefined ? {} : { collection }),
  address: { kind: 'playlist', id },
})

/** The collection of each playlist in the tree, by id. */
export const collectionsIn = (tree: PlaylistTree): ReadonlyMap<string, string> =>
  new Map(
    tree.kind === 'open'
      ? flatNodes(tree.nodes).flatMap(({ node }) =>
          node.kind === 'playlist' ? [[node.id, node.collection] as const] : [],
        )
      : [],
  )

/** The account that changes are made by; undefined while there is none. */
export const accountOf = (view: AccountView): AccountId | undefined =>
  view.kind === 'ready' ? parseAccountId(view.accountId) : undefined

export const createPlaylistsContext = (deps: PlaylistsDeps, tree: Readable<PlaylistTree>): PlaylistsContext => {
  const { documents, random } = deps
  const ids = { newEntryId: () => newEntryId(random), newIntentId: () => newIntentId(random) }
  const collections = derived(tree, collectionsIn)
  const histories = new Map<string, UndoHistory<'playlist'>>()
  return {
    ...deps,
    ...ids,
    tree,
    treeHistory: createUndoHistory({ documents, kind: 'root', ref: rootRef, ...ids }),
    begin: (id, intents) =>
      createUndoHistory({ documents, kind: 'playlist', ref: playlistRef(id), ...ids }).change(() => intents),
    historyOf: (id) => {
      const collection = collections.get().get(id)
      const key = `${collection ?? ''}/${id}`
      const history =
        histories.get(key) ??
        createUndoHistory({ documents, kind: 'playlist', ref: playlistRef(id, collection), ...ids })
      histories.set(key, history)
      return history
    },
  }
}
