import { createFlexSearch } from './flexsearch-engine.ts'
import { createMiniSearch } from './minisearch-engine.ts'
import type { PeerContext, PeerEngine } from './peer-engine.ts'
import { createPgTrgm } from './postgres-engine.ts'
import { createFts5, createFts5Trigram } from './sqlite-engine.ts'

export type Peer = {
  /** For the option --peers. */
  readonly key: string
  readonly name: string
  readonly settings: string
  readonly needsPostgres?: true
  create(context: PeerContext): Promise<PeerEngine>
}

export const peers: readonly Peer[] = [
  {
    key: 'flexsearch',
    name: 'FlexSearch',
    settings:
      "Index, tokenize 'forward', encoder LatinBalance, resolution 3, title and artist in one text, the most popular inserted first; suggest on",
    create: createFlexSearch,
  },
  {
    key: 'fts5',
    name: 'SQLite FTS5',
    settings:
      "unicode61 remove_diacritics 2, prefix='2 3 4', in memory; every word as a phrase joined by AND, the last one a prefix; bm25 with title ×2, artist ×2, times log popularity",
    create: createFts5,
  },
  {
    key: 'fts5-trigram',
    name: 'SQLite FTS5 trigram',
    settings:
      'trigram remove_diacritics 1, in memory; every trigram of the query joined by OR; bm25 as above, times log popularity',
    create: createFts5Trigram,
  },
  {
    key: 'pg_trgm',
    name: 'PostgreSQL pg_trgm',
    settings:
      "GIN gin_trgm_ops on 'title artist'; $1 <% n at word_similarity_threshold 0.5; ordered by word_similarity + 0.3 similarity + 0.1 × popularity; shared_buffers 1GB, work_mem 64MB, no parallel workers, jit off, over a Unix socket",
    needsPostgres: true,
    create: createPgTrgm,
  },
  {
    key: 'minisearch',
    name: 'MiniSearch',
    settings:
      'fields title ×2, artist ×2, album; AND; prefix on the last word; fuzzy 1 from 4 letters, 2 from 9; weights fuzzy 0.3, prefix 0.5; boostDocument by log popularity',
    create: createMiniSearch,
  },
]
