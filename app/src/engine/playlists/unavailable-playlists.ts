import type { DocumentsFault } from '../documents/documents.ts'
import type { Readable } from '../readable.ts'
import type { ChangeFailure, Playlists } from './playlists.ts'

const still = <T>(value: T): Readable<T> => ({ get: () => value, subscribe: () => () => undefined })

/** Playlists where this browser keeps no documents: nothing is shown, and every change says why. */
export const createUnavailablePlaylists = (reason: DocumentsFault): Playlists => {
  const failure: Extract<ChangeFailure, { kind: 'unavailable' }> = { kind: 'unavailable', reason }
  const state = still(failure)
  const refuse = (): Promise<ChangeFailure> => Promise.resolve(failure)
  return {
    tree: state,
    playlist: () => state,
    known: still({ trackOf: () => undefined, availabilityOf: () => ({ kind: 'known' }) }),
    want: () => undefined,
    load: () => Promise.resolve([]),
    create: refuse,
    rename: refuse,
    describe: refuse,
    setCover: refuse,
    addTracks: refuse,
    removeEntries: refuse,
    moveEntries: refuse,
    findAgain: (_id, entries) => Promise.resolve({ found: 0, missing: entries.length, change: failure }),
    createFolder: refuse,
    renameFolder: refuse,
    removeItems: refuse,
    moveItems: refuse,
    undo: refuse,
    redo: refuse,
  }
}
