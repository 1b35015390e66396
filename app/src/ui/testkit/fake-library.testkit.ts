import type { Page } from '@tonestead/protocol/catalog'
import type { Library, Slice } from '../../engine/library/library.ts'
import type { Answer } from '../../engine/server/answer.ts'
import { artistSummaries, createDraw, releaseSummaries, type FakeCatalog } from './fake-catalog.testkit.ts'

export type FakeLibraryMode = 'ready' | 'loading' | 'offline' | 'failing' | 'removed'

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })

/** Answers after a while, never, or with a failure. */
export const createFakeAnswer =
  (mode: () => FakeLibraryMode, latencyMs = 60) =>
  async <T>(signal: AbortSignal, make: () => T | undefined): Promise<Answer<T>> => {
    await wait(mode() === 'loading' ? 1e9 : latencyMs, signal).catch(() => undefined)
    if (mode() === 'offline') return { kind: 'offline' }
    if (mode() === 'failing')
      return { kind: 'problem', code: 'internal', title: 'The server failed', detail: 'The catalog could not be read.' }
    if (mode() === 'removed')
      return { kind: 'problem', code: 'device-removed', title: 'This device was removed from its account' }
    const value = make()
    return value === undefined
      ? { kind: 'problem', code: 'not-found', title: 'There is nothing here' }
      : { kind: 'ready', value }
  }

/** A library over the generated catalog. By its mode it answers after a while, never, or with a failure. */
export const createFakeLibrary = (catalog: FakeCatalog, mode: () => FakeLibraryMode, latencyMs = 60): Library => {
  const answer = createFakeAnswer(mode, latencyMs)
  const page = <T>(items: readonly T[], { offset, limit }: Slice): Page<T> => ({
    items: items.slice(offset, offset + limit),
    total: items.length,
  })
  const byName = releaseSummaries(catalog, 'name')
  const byTime = releaseSummaries(catalog, 'recent')
  const recentTracks = catalog.releases.flatMap((release) => release.tracks)
  const artists = artistSummaries(catalog)
  return {
    releases: (slice, signal) => answer(signal, () => page(slice.sort === 'recent' ? byTime : byName, slice)),
    release: (id, signal) => answer(signal, () => catalog.releases.find((release) => release.id === id)),
    artists: (slice, signal) => answer(signal, () => page(artists, slice)),
    artist: (id, signal) => answer(signal, () => catalog.artists.find((artist) => artist.id === id)),
    tracks: (slice, signal) =>
      answer(signal, () => page(slice.sort === 'recent' ? recentTracks : catalog.tracks, slice)),
    track: (id, signal) => answer(signal, () => catalog.tracks.find((track) => track.id === id)),
    tracksById: (ids, signal) =>
      answer(signal, () => ids.flatMap((id) => catalog.tracks.find((track) => track.id === id) ?? [])),
    waveform: (track) => {
      const draw = createDraw(track.durationMs)
      return Promise.resolve(
        Uint8Array.from({ length: 600 }, (_, index) =>
          Math.min(255, 40 + (90 + 80 * Math.sin(index / 37)) * (0.5 + draw(1000) / 2000) + (index % 24 < 2 ? 40 : 0)),
        ),
      )
    },
  }
}
