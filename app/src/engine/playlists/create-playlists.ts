import type { EntryId } from '@tonestead/crdt/ids'
import { derived, switched } from '../derived.ts'
import type { Readable } from '../readable.ts'
import { createFindAgain } from './find-again.ts'
import { createPlaylistCommands } from './playlist-commands.ts'
import { treeOf } from './playlist-tree.ts'
import { collectionsIn, createPlaylistsContext, playlistRef, rootRef, type PlaylistsDeps } from './playlists-context.ts'
import type { PlaylistState, Playlists, PlaylistTree } from './playlists.ts'
import { createPlaylistReader } from './read-playlist.ts'
import { createTrackLookup } from './track-lookup.ts'
import { createTreeCommands } from './tree-commands.ts'

/** The playlists and folders of the account. Rules in SPEC.md. */
export const createPlaylists = (deps: PlaylistsDeps): Playlists => {
  const tree = derived(deps.documents.view(rootRef), treeOf)
  const context = createPlaylistsContext(deps, tree)
  const lookup = createTrackLookup(deps)
  const playlist = createStates(deps, tree)
  return {
    ...lookup,
    tree,
    playlist,
    ...createPlaylistCommands(context),
    ...createTreeCommands(context),
    findAgain: createFindAgain(context, { known: lookup.known.get, stateOf: (id) => playlist(id).get() }),
    undo: (target) => (target === 'tree' ? context.treeHistory : context.historyOf(target)).undo(),
    redo: (target) => (target === 'tree' ? context.treeHistory : context.historyOf(target)).redo(),
  }
}

/** The states of playlists by id. In which collection a playlist is follows from the tree. */
const createStates = (
  { documents }: PlaylistsDeps,
  tree: Readable<PlaylistTree>,
): ((id: EntryId) => Readable<PlaylistState>) => {
  const states = new Map<EntryId, Readable<PlaylistState>>()
  const opened = new Map<string, Readable<PlaylistState>>()
  const collections = derived(tree, collectionsIn)
  const notOpened = derived(tree, (view): PlaylistState => (view.kind === 'open' ? { kind: 'missing' } : view))
  const stateIn = (id: EntryId, collection: string): Readable<PlaylistState> => {
    const name = `${collection}/${id}`
    const state = opened.get(name) ?? derived(documents.view(playlistRef(id, collection)), createPlaylistReader(id))
    opened.set(name, state)
    return state
  }
  return (id) => {
    const choose = (known: ReadonlyMap<string, string>): Readable<PlaylistState> => {
      const collection = known.get(id)
      return collection === undefined ? notOpened : stateIn(id, collection)
    }
    const state = states.get(id) ?? switched(collections, choose)
    states.set(id, state)
    return state
  }
}
