import MiniSearch from 'minisearch'
import type { PeerTrack } from '../catalog-files.ts'
import type { PeerContext, PeerEngine } from './peer-engine.ts'

export const createMiniSearch = ({ tracks }: PeerContext): Promise<PeerEngine> => {
  const boosts: number[] = []
  const index = new MiniSearch<PeerTrack>({ fields: ['title', 'artist', 'album'] })
  for (const track of tracks) {
    boosts[track.id] = track.boost
    index.add(track)
  }
  const search = (text: string): number[] =>
    index
      .search(text, {
        combineWith: 'AND',
        prefix: (_term, at, terms) => at === terms.length - 1,
        fuzzy: (term) => (term.length > 8 ? 2 : term.length > 3 ? 1 : 0),
        maxFuzzy: 2,
        boost: { title: 2, artist: 2 },
        boostDocument: (id) => boosts[id as number] ?? 1,
        weights: { fuzzy: 0.3, prefix: 0.5 },
      })
      .slice(0, 10)
      .map(({ id }) => id as number)
  return Promise.resolve({ search, indexBytes: () => undefined, close: () => undefined })
}
