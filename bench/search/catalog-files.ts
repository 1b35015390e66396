import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StringDecoder } from 'node:string_decoder'
import type { SearchDocument } from '@tonestead/search-index/document'

// Catalogs as files: a process that is measured then holds no memory of the generator.

/** A track as the peers index it. Their files have the most popular first, because some of them rank by order of insertion. */
export type PeerTrack = {
  readonly id: number
  readonly title: string
  readonly artist: string
  readonly album: string
  /** Factor for a relevance score, 1 to 2.7. */
  readonly boost: number
}

/** Writes every document to a SQLite file, in the order given, and yields it. */
export function* storeDocuments(path: string, documents: Iterable<SearchDocument>): Generator<SearchDocument> {
  const database = new DatabaseSync(path)
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE document (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL)',
  )
  const insert = database.prepare('INSERT INTO document (kind, id, json) VALUES (?, ?, ?)')
  database.exec('BEGIN')
  for (const document of documents) {
    insert.run(document.kind, document.id, JSON.stringify(document))
    yield document
  }
  database.exec('COMMIT; CREATE UNIQUE INDEX document_key ON document (kind, id)')
  database.close()
}

export function* readDocuments(path: string): Generator<SearchDocument> {
  const database = new DatabaseSync(path, { readOnly: true })
  for (const { json } of database.prepare('SELECT json FROM document ORDER BY position').iterate())
    yield JSON.parse(String(json)) as SearchDocument
  database.close()
}

/** Tab-separated lines. */
export const writeTracks = (path: string, tracks: Iterable<PeerTrack>): void => {
  const withoutTabs = (text: string): string => text.replace(/[\t\n\r]/g, ' ')
  const file = openSync(path, 'w')
  let lines: string[] = []
  const flush = (): void => {
    writeSync(file, lines.join(''))
    lines = []
  }
  for (const { id, title, artist, album, boost } of tracks) {
    lines.push(`${[id, ...[title, artist, album].map(withoutTabs), boost.toFixed(4)].join('\t')}\n`)
    if (lines.length === 10_000) flush()
  }
  flush()
  closeSync(file)
}

export function* readTracks(path: string): Generator<PeerTrack> {
  for (const line of readLines(path)) {
    const [id = '', title = '', artist = '', album = '', boost = ''] = line.split('\t')
    yield { id: Number(id), title, artist, album, boost: Number(boost) }
  }
}

function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(1 << 20)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    closeSync(file)
  }
}

/** Measures the time that a source needs for its items: that time is no part of a build. */
export const timeSource = <T>(source: Iterable<T>): { readonly items: Iterable<T>; readonly spentMs: () => number } => {
  let spent = 0
  const items = (function* (): Generator<T> {
    const iterator = source[Symbol.iterator]()
    for (;;) {
      const before = performance.now()
      const next = iterator.next()
      spent += performance.now() - before
      if (next.done === true) return
      yield next.value
    }
  })()
  return { items, spentMs: () => spent }
}
