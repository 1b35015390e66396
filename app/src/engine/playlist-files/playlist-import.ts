import type { ServerId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Library } from '../library/library.ts'
import type { Readable } from '../readable.ts'
import type { Answer } from '../server/answer.ts'
import type { EntryMatch, MatchDeps, MatchRun } from './matching/match-entries.ts'
import type { FileEntry } from './playlist-file.ts'

/** Finds the entries of playlist files in the catalog of the server. */
export type PlaylistImport = {
  /** As `matchEntries`. */
  match(entries: readonly FileEntry[], run: MatchRun): Promise<readonly EntryMatch[]>
  /** For a person who looks for an entry by hand: the tracks with these words, best first. An abort cancels the request. */
  readonly find: (text: string, signal: AbortSignal) => Promise<Answer<readonly Track[]>>
}

/** The code that matches is loaded with the first file. */
export const createPlaylistImport = ({
  library,
  serverId,
  findTracks,
}: {
  readonly library: Pick<Library, 'tracksById'>
  readonly serverId: Readable<ServerId | undefined>
  readonly findTracks: MatchDeps['findTracks']
}): PlaylistImport => ({
  match: async (entries, run) => {
    const { matchEntries } = await import('./matching/match-entries.ts')
    const tracksById: MatchDeps['tracksById'] = (ids, signal) => library.tracksById(ids, signal)
    return matchEntries({ serverId: serverId.get(), tracksById, findTracks }, entries, run)
  },
  find: findTracks,
})
