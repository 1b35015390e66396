import type { ServerId, TrackId } from '@tonestead/crdt/ids'
import { maxTracksById, type Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../../server/answer.ts'
import type { FileEntry } from '../playlist-file.ts'
import { chooseTrack, type NotChosen } from './choose-track.ts'
import { describeEntry, type EntryDescription } from './describe-entry.ts'
import { forEachBounded } from './for-each-bounded.ts'

/** What became of an entry. `unknown`: it has no title. `no-answer`: the server did not answer; it can be tried again. */
export type EntryMatch =
  | {
      readonly kind: 'matched'
      readonly entry: FileEntry
      readonly track: Track
      readonly by: 'id' | 'isrc' | 'description'
    }
  | { readonly kind: 'unmatched'; readonly entry: FileEntry; readonly reason: NotChosen | 'unknown' | 'no-answer' }

export type MatchDeps = {
  /** The server whose catalog is searched. */
  readonly serverId: ServerId | undefined
  /** At most 50. */
  readonly tracksById: (ids: readonly TrackId[], signal: AbortSignal) => Promise<Answer<readonly Track[]>>
  /** The tracks that have these words in title, credits or release, best first. */
  readonly findTracks: (text: string, signal: AbortSignal) => Promise<Answer<readonly Track[]>>
}
export type MatchRun = {
  readonly signal: AbortSignal
  /** `done`: entries that are decided. */
  readonly onProgress: (done: number) => void
}

/** [PF9] */
const mostRequests = 4

/** [PF7] [PF8] [PF9] Finds the entries of a file in the catalog. The answer has every entry, in order. Rejects with the reason of the signal when it aborts. */
export const matchEntries = async (
  deps: MatchDeps,
  entries: readonly FileEntry[],
  { signal, onProgress }: MatchRun,
): Promise<readonly EntryMatch[]> => {
  const find = createFind(deps, signal)
  const known = await loadKnown(deps, entries, signal)
  const matches: EntryMatch[] = []
  let done = 0
  await forEachBounded(entries, mostRequests, async (entry, index) => {
    signal.throwIfAborted()
    const track = known.get(entry.track?.trackId ?? '')
    matches[index] = track === undefined ? await matchByWords(find, entry) : { kind: 'matched', entry, track, by: 'id' }
    done += 1
    onProgress(done)
  })
  signal.throwIfAborted()
  return matches
}

/** The tracks of the entries that came from this server. A link does not say from which server: ids are random, so another one does not have it. */
const loadKnown = async (
  { serverId, tracksById }: MatchDeps,
  entries: readonly FileEntry[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Track>> => {
  const ours = entries.flatMap(({ track }) =>
    track !== undefined && (track.serverId ?? serverId) === serverId ? [track.trackId] : [],
  )
  const ids = [...new Set(ours)]
  const batches = Array.from({ length: Math.ceil(ids.length / maxTracksById) }, (_, index) =>
    ids.slice(index * maxTracksById, (index + 1) * maxTracksById),
  )
  const known = new Map<string, Track>()
  await forEachBounded(batches, mostRequests, async (batch) => {
    const answer = await tracksById(batch, signal)
    if (answer.kind === 'ready') for (const track of answer.value) known.set(track.id, track)
  })
  return known
}

type Find = (text: string) => Promise<Answer<readonly Track[]>>

/** [PF9] Equal searches are made once. */
const createFind = ({ findTracks }: MatchDeps, signal: AbortSignal): Find => {
  const answers = new Map<string, Promise<Answer<readonly Track[]>>>()
  return (text) => {
    const answer = answers.get(text) ?? findTracks(text, signal)
    answers.set(text, answer)
    return answer
  }
}

/** First with the artist; an artist that is written in another way can hide the track, so then by the title alone. */
const matchByWords = async (find: Find, entry: FileEntry): Promise<EntryMatch> => {
  const wanted = describeEntry(entry)
  if (wanted === undefined) return { kind: 'unmatched', entry, reason: 'unknown' }
  let reason: NotChosen = 'not-found'
  for (const text of queriesOf(wanted)) {
    const answer = await find(text)
    if (answer.kind !== 'ready') return { kind: 'unmatched', entry, reason: 'no-answer' }
    const choice = chooseTrack({ ...wanted, ...(entry.isrc === undefined ? {} : { isrc: entry.isrc }) }, answer.value)
    if (choice.kind === 'chosen') return { kind: 'matched', entry, track: choice.track, by: choice.by }
    if (choice.reason !== 'not-found') reason = choice.reason
  }
  return { kind: 'unmatched', entry, reason }
}

/** Texts that a search takes. */
const queriesOf = ({ title, artist }: EntryDescription): readonly string[] => [
  ...(artist === undefined ? [] : [`${title} ${artist}`.slice(0, 200)]),
  title.slice(0, 200),
]
