import { DatabaseSync } from 'node:sqlite'
import type { PeerContext, PeerEngine } from './peer-engine.ts'

const createWith =
  (tokenizer: string, toMatch: (words: readonly string[]) => string) =>
  ({ tracks }: PeerContext): Promise<PeerEngine> => {
    const database = new DatabaseSync(':memory:')
    database.exec(`CREATE VIRTUAL TABLE found USING fts5(title, artist, album, boost UNINDEXED, ${tokenizer})`)
    const insert = database.prepare('INSERT INTO found(rowid, title, artist, album, boost) VALUES (?, ?, ?, ?, ?)')
    database.exec('BEGIN')
    for (const { id, title, artist, album, boost } of tracks) insert.run(id + 1, title, artist, album, boost)
    database.exec('COMMIT')
    database.exec("INSERT INTO found(found) VALUES ('optimize')")
    const select = database.prepare(
      'SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 2, 2, 1) * boost LIMIT 10',
    )
    const search = (text: string): number[] => {
      const match = toMatch(text.split(' ').filter((word) => word !== ''))
      return match === '' ? [] : select.all(match).map((found) => Number(found['rowid']) - 1)
    }
    const indexBytes = (): number =>
      Number(
        database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()').get()?.[
          'size'
        ],
      )
    return Promise.resolve({ search, indexBytes, close: () => database.close() })
  }

const quoted = (word: string): string => `"${word}"`

/** Every word has to match; the last one is a prefix. */
export const createFts5 = createWith("prefix='2 3 4', tokenize='unicode61 remove_diacritics 2'", (words) =>
  words.map((word, at) => quoted(word) + (at === words.length - 1 ? '*' : '')).join(' AND '),
)

const trigrams = (word: string): string[] =>
  Array.from({ length: Math.max(0, word.length - 2) }, (_, at) => word.slice(at, at + 3))

/** Any trigram may match; a typo changes only some of them. */
export const createFts5Trigram = createWith("tokenize='trigram remove_diacritics 1'", (words) =>
  [...new Set(words.flatMap(trigrams))].map(quoted).join(' OR '),
)
