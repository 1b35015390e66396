import type { EntryId } from '@tonestead/crdt/ids'
import type { Log } from '../../ports/log.ts'
import { createCell } from '../cell.ts'
import { switched } from '../derived.ts'
import type { Readable } from '../readable.ts'
import type { Playlists, PlaylistState } from './playlists.ts'

const still = <T>(value: T): Readable<T> => ({ get: () => value, subscribe: () => () => undefined })
const loading = still({ kind: 'loading' } as const)
const nothingKnown: Playlists['known'] = still({ trackOf: () => undefined, availabilityOf: () => ({ kind: 'known' }) })

/** Playlists whose code is loaded when something of them is shown or changed: the first paint does not need it. Until then they are `loading`. */
export const createLaterPlaylists = (load: () => Promise<Playlists>, log: Log): Playlists => {
  const loaded = createCell<Playlists | undefined>(undefined)
  let request: Promise<Playlists> | undefined
  /** After a failure, the next call tries again. */
  const need = (): Promise<Playlists> => {
    request ??= load().then(
      (playlists) => {
        loaded.set(playlists)
        return playlists
      },
      (cause: unknown) => {
        request = undefined
        throw cause
      },
    )
    return request
  }
  const start = (): void => void need().catch(log.failed('the code of the playlists was not loaded'))
  const later = <T>(choose: (playlists: Playlists) => Readable<T>, before: Readable<T>): Readable<T> => {
    const value = switched(loaded, (playlists) => (playlists === undefined ? before : choose(playlists)))
    return {
      get: value.get,
      subscribe: (listener) => {
        start()
        return value.subscribe(listener)
      },
    }
  }
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
    want: (by, references) => loaded.get()?.want(by, references),
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
