import { foldForGrading, plainTitle } from './fold-for-grading.ts'
import type { Query } from './query.ts'
import { hashText } from './seeded-random.ts'

export type KnownTrack = { readonly title: string; readonly artist: string; readonly popularity: number }
export type Candidate = { readonly query: Query; readonly popularity: number }

/** Size of a bit set of hashes, which tells quickly that a text is no candidate. */
const bits = 1 << 22
const shortestPrefix = 4

type IndexedCandidates = {
  readonly whole: Map<string, Candidate[]>
  readonly beginnings: Map<string, Candidate[]>
  readonly seen: Uint8Array
}

const indexCandidates = (candidates: readonly Candidate[]): IndexedCandidates => {
  const indexed: IndexedCandidates = { whole: new Map(), beginnings: new Map(), seen: new Uint8Array(bits >> 3) }
  for (const candidate of candidates) {
    const text = foldForGrading(candidate.query.text)
    const map = candidate.query.kind === 'cut-off prefix' ? [indexed.whole, indexed.beginnings] : [indexed.whole]
    for (const one of map) one.set(text, [...(one.get(text) ?? []), candidate])
    const hash = hashText(text) & (bits - 1)
    indexed.seen[hash >> 3] = (indexed.seen[hash >> 3] ?? 0) | (1 << (hash & 7))
  }
  return indexed
}

/** Candidates whose text equals the text, or (`isBeginning`) is a beginning of it. The hash is updated letter by letter, and a substring is made only where the bit set has the hash. */
function* matching(
  text: string,
  indexed: IndexedCandidates,
): Generator<{ candidate: Candidate; isBeginning: boolean }> {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    const bit = hash & (bits - 1)
    if (at + 1 < shortestPrefix && at + 1 < text.length) continue
    if (((indexed.seen[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) continue
    if (at + 1 === text.length)
      for (const candidate of indexed.whole.get(text) ?? []) yield { candidate, isBeginning: false }
    else
      for (const candidate of indexed.beginnings.get(text.slice(0, at + 1)) ?? [])
        yield { candidate, isBeginning: true }
  }
}

const isSame = (query: Query, title: string, artist: string): boolean =>
  (query.title === undefined || query.title === title) && (query.artist === undefined || query.artist === artist)

/**
 * Queries that can also mean something else, so that no answer can be graded. A query is ambiguous when its folded text
 * - is exactly the title, "title artist" or "artist title" of another song; for an artist, exactly another artist's name;
 * - is exactly the name of an artist who has a song that is more popular than the target;
 * - (cut-off prefixes only) is the beginning of the title, "title artist" or "artist title" of another song that is more popular than the target.
 */
export const findAmbiguous = (
  candidates: readonly Candidate[],
  tracks: Iterable<KnownTrack>,
): ReadonlySet<Candidate> => {
  const indexed = indexCandidates(candidates)
  const ambiguous = new Set<Candidate>()
  const judge = (text: string, track: { title: string; artist: string; popularity: number; isName: boolean }): void => {
    for (const { candidate, isBeginning } of matching(text, indexed)) {
      const { query, popularity } = candidate
      if (isSame(query, track.title, track.artist) || (query.kind === 'artist' && !track.isName)) continue
      const needsMore = isBeginning || (track.isName && query.kind !== 'artist')
      if (!needsMore || track.popularity > popularity) ambiguous.add(candidate)
    }
  }
  for (const known of tracks) {
    const track = {
      title: foldForGrading(plainTitle(known.title)),
      artist: foldForGrading(known.artist),
      popularity: known.popularity,
    }
    judge(`${track.title} ${track.artist}`, { ...track, isName: false })
    judge(`${track.artist} ${track.title}`, { ...track, isName: false })
    judge(track.title, { ...track, isName: false })
    judge(track.artist, { ...track, isName: true })
  }
  return ambiguous
}
