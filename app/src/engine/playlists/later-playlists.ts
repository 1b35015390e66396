import type { EntryId } from '@tonestead/crdt/ids'
import type { Log } from '../../ports/log.ts'
import { createLater, still } from '../later.ts'
import type { Readable } from '../readable.ts'
import type { Playlists, PlaylistState } from './playlists.ts'

const loading = still({ kind: 'loading' } as const)
const nothingKnown: Playlists['known'] = still({ trackOf: () => undefined, availabilityOf: () => ({ kind: 'known' }) })

/** Playlists whose code is loaded when something of them is shown or changed: the first paint does not need it. Until then they are `loading`. */
export const createLaterPlaylists = (load: () => Promise<Playlists>, log: Log): Playlists => {
  const { need, loaded, readable: later } = createLater(load, log)
  const states = new Map<EntryId, Readable<PlaylistState>>()
  const playlist = (id: EntryId): Readable<PlaylistState> => {
    const state = states.get(id) ?? later<PlaylistState>((playlists) => playlists.playlist(id), loading)
    states.set(id, state)
    return state
  }
  return {
    tree: later((playlists) => playlists.tree, loading),
    playlist,
    known: later((playlists) => playlists.known, nothingKnown),
    want: (by, references) => loaded()?.want(by, references),
    ...commandsOf(need),
  }
}

type Commands = Omit<Playlists, 'tree' | 'playlist' | 'known' | 'want'>

const commandsOf = (need: () => Promise<Playlists>): Commands => ({
  load: async (references, signal) => (await need()).load(references, signal),
  create: async (wanted) => (await need()).create(wanted),
  rename: async (id, title) => (await need()).rename(id, title),
  describe: async (id, description) => (await need()).describe(id, description),
  setCover: async (id, cover) => (await need()).setCover(id, cover),
  addTracks: async (id, tracks) => (await need()).addTracks(id, tracks),
  removeEntries: async (id, entries) => (await need()).removeEntries(id, entries),
  moveEntries: async (id, entries, toIndex) => (await need()).moveEntries(id, entries, toIndex),
  findAgain: async (id, entries, signal) => (await need()).findAgain(id, entries, signal),
  createFolder: async (name, folder) => (await need()).createFolder(name, folder),
  renameFolder: async (folder, name) => (await need()).renameFolder(folder, name),
  removeItems: async (ids) => (await need()).removeItems(ids),
  moveItems: async (ids, to) => (await need()).moveItems(ids, to),
  undo: async (target) => (await need()).undo(target),
  redo: async (target) => (await need()).redo(target),
})
