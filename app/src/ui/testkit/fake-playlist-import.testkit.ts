import { folded } from '@tonestead/crdt/tracks/match-track'
import { creditLine } from '@tonestead/crdt/tracks/track-reference'
import type { Library } from '../../engine/library/library.ts'
import { createPlaylistImport, type PlaylistImport } from '../../engine/playlist-files/playlist-import.ts'
import { createStore } from '../state/store.ts'
import type { FakeCatalog } from './fake-catalog.testkit.ts'
import { createFakeAnswer, type FakeLibraryMode } from './fake-library.testkit.ts'
import { fakeServerId } from './fake-saved.testkit.ts'

/** Finds tracks of the generated catalog that have all the words. */
export const createFakePlaylistImport = (
  library: Library,
  { tracks }: FakeCatalog,
  mode: () => FakeLibraryMode,
): PlaylistImport => {
  const answer = createFakeAnswer(mode, 5)
  return createPlaylistImport({
    library,
    serverId: createStore(fakeServerId),
    findTracks: (text, signal) =>
      answer(signal, () => {
        const words = text.split(/\s+/).map(folded)
        const isTitle = (title: string): boolean => folded(text).startsWith(folded(title))
        return tracks
          .filter((track) => words.every((word) => folded(`${track.title}${creditLine(track.credits)}`).includes(word)))
          .toSorted((a, b) => Number(isTitle(b.title)) - Number(isTitle(a.title)))
          .slice(0, 20)
      }),
  })
}
