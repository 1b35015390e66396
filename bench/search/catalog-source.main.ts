// A worker thread in place of the thread with the media server's catalog: serves the documents of a benchmark as the port `search`. Channels come as
// messages; `{ change: true }` adds one change to its feed.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { ArtistCredit } from '@tonestead/protocol/catalog'
import type { SearchDocument } from '@tonestead/search-index/document'
import { exposePort } from '../../media-server/src/platform/process/remote-port.ts'
import type { SearchItem, SearchItemKey, SearchSource } from '../../media-server/src/ports/search-source.ts'

const database = new DatabaseSync(String(workerData), { readOnly: true })
const selectPage = database.prepare('SELECT json FROM document WHERE kind = ? AND id > ? ORDER BY id LIMIT ?')
const selectOne = database.prepare('SELECT json FROM document WHERE kind = ? AND id = ?')
/** The one document that changes. */
const changedKey: SearchItemKey = {
  kind: 'track',
  id: String(database.prepare("SELECT id FROM document WHERE kind = 'track' LIMIT 1").get()?.['id']),
}
let sequence = 0
/** Calls of `changed` that wait for the next change. */
const waiting = new Set<() => void>()

const itemOf = (json: unknown): SearchItem => {
  const { kind, id, title, credits, image, isPublic, isLossless, popularity, year, durationMs, release } = JSON.parse(
    String(json),
  ) as SearchDocument
  const cover = image === undefined ? undefined : { id: image.slice(0, 64) as never, color: image.slice(64) }
  const shared = { id, title, credits: credits as readonly ArtistCredit[], cover, isPublic, plays: popularity }
  if (kind === 'track')
    return { ...shared, kind, release: release ?? { id: '', title: '' }, year, durationMs: durationMs ?? 0, isLossless }
  const counts = { durationMs: durationMs ?? 0, isLossless, trackCount: 0 }
  return kind === 'release'
    ? { ...shared, ...counts, kind, year, inPublic: { ...counts, plays: shared.plays } }
    : { ...shared, kind: 'artist', trackCount: 0, inPublic: { trackCount: 0, plays: shared.plays } }
}

const source: SearchSource = {
  newest: () => Promise.resolve({ sequence, mark: sequence === 0 ? '' : 'one' }),
  markAt: (at) => Promise.resolve(at === 0 ? '' : at === sequence ? 'one' : undefined),
  page: ({ kind, after, limit }) => Promise.resolve(selectPage.all(kind, after, limit).map(({ json }) => itemOf(json))),
  items: (keys) =>
    Promise.resolve(keys.flatMap(({ kind, id }) => selectOne.all(kind, id)).map(({ json }) => itemOf(json))),
  changes: ({ after }) => Promise.resolve({ keys: after < sequence ? [changedKey] : [], last: sequence, isLast: true }),
  changed: (after, signal) =>
    new Promise((resolve, reject) => {
      if (after < sequence) resolve()
      else waiting.add(resolve)
      signal.addEventListener('abort', () => {
        waiting.delete(resolve)
        reject(signal.reason as Error)
      })
    }),
  playedSince: () => Promise.resolve([]),
  trackCount: () => Promise.resolve(0),
}

parentPort?.on('message', (message: { channel?: MessagePort; change?: true }) => {
  if (message.channel !== undefined) exposePort(message.channel, 'search', source)
  if (message.change !== true) return
  sequence = 1
  for (const resolve of waiting) resolve()
})
