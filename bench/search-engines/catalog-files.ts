import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import type { SearchDocument } from '@tonestead/search-index/document'

// Catalogs as files of lines, so that a process that is measured holds nothing of what made them.

/** A track as the peers index it. Their files hold the best known first, because some of them rank by order of insertion. */
export type PeerTrack = { readonly id: number; readonly title: string; readonly artist: string; readonly album: string; /** 1 to 2.7: what multiplies a relevance score. */ readonly boost: number }

export const writeLines = (path: string, lines: Iterable<string>): void => {
  const file = openSync(path, 'w')
  let waiting: string[] = []
  let size = 0
  const flush = (): void => {
    if (waiting.length > 0) writeSync(file, `${waiting.join('\n')}\n`)
    waiting = []
    size = 0
  }
  for (const line of lines) {
    waiting.push(line)
    size += line.length
    if (size > 1 << 20) flush()
  }
  flush()
  closeSync(file)
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

export function* readDocuments(path: string): Generator<SearchDocument> {
  for (const line of readLines(path)) yield JSON.parse(line) as SearchDocument
}

export function* readTracks(path: string): Generator<PeerTrack> {
  for (const line of readLines(path)) {
    const [id = '', title = '', artist = '', album = '', boost = ''] = line.split('\t')
    yield { id: Number(id), title, artist, album, boost: Number(boost) }
  }
}

/** Counts the time that a source needs for its items, which is no part of a build. */
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
