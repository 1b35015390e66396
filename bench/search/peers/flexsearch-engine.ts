import { Charset, Index } from 'flexsearch'
import type { PeerContext, PeerEngine } from './peer-engine.ts'

export const createFlexSearch = ({ tracks }: PeerContext): Promise<PeerEngine> => {
  const index = new Index({ tokenize: 'forward', encoder: Charset.LatinBalance, resolution: 3 })
  for (const { id, title, artist } of tracks) index.add(id, `${title} ${artist}`)
  return Promise.resolve({
    search: (text) => index.search(text, { limit: 10, suggest: true }) as number[],
    indexBytes: () => undefined,
    close: () => undefined,
  })
}
