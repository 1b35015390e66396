import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'

export type PlaylistCache = (key: string, make: () => Promise<Bytes>) => Promise<Bytes>

/** More that wait would hold up one another; their players ask again. */
const maxWaiting = 64

/**
 * Playlists that were used last, up to a total size in bytes. Concurrent callers for one key share one playlist that is being made, and playlists
 * are made one after the other. The key names bytes that never change.
 */
export const createPlaylistCache = (maxBytes: number): PlaylistCache => {
  const made = new Map<string, Bytes>()
  const making = new Map<string, Promise<Bytes>>()
  let last: Promise<unknown> = Promise.resolve()
  let sizeBytes = 0
  const keep = (key: string, bytes: Bytes): void => {
    if (bytes.length > maxBytes) return
    made.set(key, bytes)
    sizeBytes += bytes.length
    for (const [oldest, { length }] of made) {
      if (sizeBytes <= maxBytes) return
      made.delete(oldest)
      sizeBytes -= length
    }
  }
  const start = (key: string, make: () => Promise<Bytes>): Promise<Bytes> => {
    if (making.size >= maxWaiting) throw new ProblemError('not-ready', 'Too many playlists are being made.')
    const playlist = last.then(make).then((bytes) => {
      keep(key, bytes)
      return bytes
    })
    // The next one is made whatever becomes of this one; its callers get the error.
    last = playlist
      .catch(() => undefined)
      .finally(() => {
        making.delete(key)
      })
    making.set(key, playlist)
    return playlist
  }
  return async (key, make) => {
    const known = made.get(key)
    if (known === undefined) return making.get(key) ?? start(key, make)
    made.delete(key)
    made.set(key, known)
    return known
  }
}
